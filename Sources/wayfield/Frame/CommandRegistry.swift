/// All commands, in the order of the help text. A command that does not work yet is not listed.
package enum CommandRegistry {
  package static let entries: [CommandEntry] = [
    .command(CapacityCommand.self),
    .group(TopologiesCommand.group),
    .group(DemandsCommand.group),
    .command(SimulateCommand.self),
    .command(CompareCommand.self),
    .command(FailuresCommand.self),
    .command(TrainCommand.self),
    .command(AdaptCommand.self),
    .command(ReproduceCommand.self),
    .command(ReportCommand.self),
    .command(BenchCommand.self),
  ]
}
