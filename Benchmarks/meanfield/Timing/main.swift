import Foundation
import MeanField

// Times of the finite-horizon solvers, one line of tab-separated values each:
//   iteration <game> <solver> <precision> <milliseconds per iteration>
//   target <game> <solver> <precision> <exploitability> <seconds or -> <iterations> <least
//     exploitability> <seconds in all>
//   limit <precision> <µs for 12,000 exponentials> <2,000 logarithms> <a copy of 40,000 numbers>
//   scale <cells> <transitions> <milliseconds per iteration> <threads>
// Usage: meanfield-timing [iterations [game…] | targets [game…] | limits | scale [side horizon iterations threads]]

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first ?? "iterations" {
case "iterations": TimingBenchmark.iterations(Array(arguments.dropFirst()))
case "targets": TimingBenchmark.targets(Array(arguments.dropFirst()))
case "limits": TimingBenchmark.limits()
case "scale": TimingBenchmark.scale(arguments.dropFirst().compactMap { Int($0) })
default: FileHandle.standardError.write(Data("iterations, targets, limits or scale\n".utf8))
}
