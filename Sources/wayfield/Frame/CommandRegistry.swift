/// All commands, in the order of the help text. A command that does not work yet is not listed.
package enum CommandRegistry {
  package static let entries: [CommandEntry] = [
    .command(CapacityCommand.self),
    .group(TopologiesCommand.group),
    .group(DemandsCommand.group),
    .command(SimulateCommand.self),
    .command(CompareCommand.self),
    .command(FailuresCommand.self),
    .command(SeriesCommand.self),
    .command(TrainCommand.self),
    .command(AdaptCommand.self),
    .command(ReproduceCommand.self),
    .command(ReportCommand.self),
    .group(
      CommandGroup(
        name: "meanfield", summary: "Mean-field games, teams and control.",
        commands: [
          MeanFieldGamesCommand.self, MeanFieldSolversCommand.self, MeanFieldSolveCommand.self,
          MeanFieldPlayCommand.self, MeanFieldLectureCommand.self,
        ])),
    .command(BenchCommand.self),
  ]
}
