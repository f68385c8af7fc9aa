import Foundation
import MeanField

// Times of the finite-horizon solvers, one line of tab-separated values each:
//   iteration <game> <solver> <precision> <milliseconds per iteration>
//   target <game> <solver> <precision> <exploitability> <seconds or -> <iterations>
//   scale <cells> <transitions> <milliseconds per iteration> <threads>
// Usage: meanfield-timing [iterations [game…] | targets | scale [side horizon iterations threads]]

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first ?? "iterations" {
case "iterations": TimingBenchmark.iterations(Array(arguments.dropFirst()))
case "targets": TimingBenchmark.targets()
case "scale": TimingBenchmark.scale(arguments.dropFirst().compactMap { Int($0) })
default: FileHandle.standardError.write(Data("iterations, targets or scale\n".utf8))
}
