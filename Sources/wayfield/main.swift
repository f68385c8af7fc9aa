import CKernels
import Foundation

wf_keep_freed_memory()
let progressBar = TerminalProgress()
let outcome = Program(entries: CommandRegistry.entries)
  .run(Array(CommandLine.arguments.dropFirst()), progress: progressBar)
progressBar.clear()
if !outcome.output.isEmpty {
  FileHandle.standardOutput.write(Data((outcome.output + "\n").utf8))
}
if !outcome.error.isEmpty {
  FileHandle.standardError.write(Data(("wayfield: " + outcome.error + "\n").utf8))
}
exit(outcome.exitCode)
