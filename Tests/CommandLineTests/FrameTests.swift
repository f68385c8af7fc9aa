import Experiments
import Networks
import Randomness
import Testing
import wayfield

/// A command that only the tests know: every kind of argument.
private enum SampleCommand: Command {
  static let topology = Argument<String>.required("topology", .path("T"), help: "The network.")
  static let load = Argument<Double?>.optional("load", .number(0...1000), help: "Packets.")
  static let episodes = Argument<Int>.option(
    "episodes", .integer(1...1_000_000), default: 20, help: "Episodes.")
  static let names = Argument<[String]>.option(
    "algorithms", ValueType.choice("name", ["ecmp", "random", "q-routing"]).list(),
    default: ["ecmp"], help: "What to compare.")
  static let fast = Argument<Bool>.flag("quick", help: "Less of everything.")
  static let word = Argument<String?>.optionalPositional("file", .path(), help: "A file.")
  static let declaration = CommandDeclaration(
    name: "sample", summary: "Tries the frame.", examples: ["wayfield sample --topology b4"],
    arguments: [
      word, topology, load, episodes, names, fast, CommonArguments.seed, CommonArguments.settings,
    ])

  static func run(_ input: Invocation) throws -> CommandResult {
    if try input[topology] == "broken" { throw CommandFailure("It broke.") }
    let json: JSONValue = [
      "file": try input[word].map { .string($0) } ?? nil, "topology": .string(try input[topology]),
      "load": .optional(try input[load]), "episodes": .integer(try input[episodes]),
      "algorithms": .array(try input[names].map { .string($0) }), "quick": .bool(try input[fast]),
      "settings": .array(try input[CommonArguments.settings].map { .string($0) }),
      "given": .bool(input.isGiven(load)), "again": .string(input.commandLine),
    ]
    return CommandResult(json: json, text: "a table")
  }
}

@Suite struct FrameTests {
  private let program = Program(entries: [
    .command(SampleCommand.self),
    .group(
      CommandGroup(
        name: "samples", summary: "Samples.", commands: [SampleCommand.self])),
  ])

  private func run(_ line: String) -> Program.Outcome {
    program.run(line.split(separator: " ").map(String.init))
  }

  @Test func fillsInDefaults() {
    let outcome = run("sample --topology b4 --json")
    #expect(
      outcome.output
        == #"{"file":null,"topology":"b4","load":null,"episodes":20,"algorithms":["ecmp"],"#
        + #""quick":false,"settings":[],"given":false,"#
        + #""again":"wayfield sample --topology b4 --json"}"#)
    #expect(outcome.exitCode == 0 && outcome.error.isEmpty)
  }

  @Test func takesEveryForm() throws {
    let outcome = run(
      "samples sample x.txt --topology=b4 --load 1e-2 --episodes 3 --episodes=4 --quick "
        + "--algorithms q-routing,random --set a=1 --set b=x=2 --json")
    let json = try JSONValue(parsing: outcome.output, file: "output")
    #expect(json["file"] == "x.txt")
    #expect(json["load"] == 0.01)
    #expect(json["episodes"] == 4)
    #expect(json["quick"] == true)
    #expect(json["algorithms"] == ["q-routing", "random"])
    #expect(json["settings"] == ["a=1", "b=x=2"])
  }

  @Test func printsTextWithoutJSON() {
    #expect(run("sample --topology b4").output == "a table")
  }

  @Test func wordsAfterTwoDashesAreNoOptions() throws {
    let json = try JSONValue(
      parsing: run("sample --topology b4 --json -- --odd").output, file: "output")
    #expect(json["file"] == "--odd")
  }

  @Test(arguments: [
    ("", "'wayfield' needs a command: sample, samples; see 'wayfield --help'."),
    ("smple", "'wayfield' has no command 'smple', did you mean 'sample'?"),
    ("samples zebra", "'wayfield samples' has no command 'zebra'; it has sample."),
    (
      "sample --tpology b4",
      "'wayfield sample' has no option '--tpology', did you mean '--topology'?"
    ),
    ("sample --zzz", "'wayfield sample' has no option '--zzz'."),
    ("sample -t b4", "'wayfield sample' has no option '-t'."),
    ("sample --topology", "Option '--topology' needs a value: --topology <T>."),
    ("sample --topology --quick", "Option '--topology' needs a value: --topology <T>."),
    ("sample --topology b4 --quick=1", "Option '--quick' takes no value."),
    ("sample", "--topology: it is required."),
    ("sample --topology b4 a b", "'wayfield sample' does not know what to do with 'b'."),
    ("sample --topology b4 --load x", "--load: found 'x'; expected a number from 0 to 1000."),
    ("sample --topology b4 --load -1", "--load: found '-1'; expected a number from 0 to 1000."),
    ("sample --topology b4 --load nan", "--load: found 'nan'; expected a number from 0 to 1000."),
    (
      "sample --topology b4 --episodes 0",
      "--episodes: found '0'; expected a whole number from 1 to 1000000."
    ),
    (
      "sample --topology b4 --algorithms ecmp,rndom",
      "--algorithms: found 'ecmp,rndom'; expected one of ecmp, random, q-routing, "
        + "or several of them separated by commas."
    ),
    (
      "sample --topology b4 --seed -1",
      "--seed: found '-1'; expected a whole number from 0 to 18446744073709551615."
    ),
  ])
  func saysInOneSentenceWhatIsWrong(line: String, sentence: String) {
    let outcome = run(line)
    #expect(outcome.error == sentence)
    #expect(outcome.exitCode == 2)
    #expect(outcome.output.isEmpty)
  }

  @Test func failuresEndWithOne() {
    let outcome = run("sample --topology broken")
    #expect(outcome.error == "It broke." && outcome.exitCode == 1 && outcome.output.isEmpty)
  }

  @Test func helpTextIsGenerated() {
    let expected = """
      OVERVIEW: Tries the frame.

      USAGE: wayfield sample [<file>] --topology <T> [--load <number>] [--episodes <number>]
             [--algorithms <name,…>] [--quick] [--seed <number>] [--set <key=value>]… [--json]
             [--help]

      ARGUMENTS:
        <file>                      A file.

      OPTIONS:
        --topology <T>              The network.
        --load <number>             Packets.
        --episodes <number>         Episodes. (default: 20)
        --algorithms <name,…>       What to compare. One of: ecmp, random, q-routing. (default:
                                    ecmp)
        --quick                     Less of everything.
        --seed <number>             Decides every random draw, and so the result. (default: 1)
        --set <key=value>           Sets a parameter of the model, algorithm or solver; may be
                                    repeated.
        --json                      Print exactly one JSON object on standard output.
        --help                      Show this text.

      EXAMPLES:
        wayfield sample --topology b4
      """
    let outcome = run("sample --topology --help")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output == expected)
  }

  /// Random command lines, most of them nonsense: always an exit code, one line of error or none,
  /// and standard output only on success.
  @Test func nonsenseNeverCrashes() {
    let words = [
      "sample", "samples", "--topology", "--topology=b4", "b4", "--load", "--load=", "0.5", "-1",
      "--", "---", "-", "", "=", "--=", "--json", "--help", "--quick", "--set", "a=b", "--seed=7",
      "--episodes", "99999999999999999999", "ä\u{301}😀", "\u{0}", "-h", "help", "--algorithms",
      ",", "ecmp,", String(repeating: "x", count: 5000),
    ]
    var stream = RandomStream(seed: 11)
    for _ in 0..<5000 {
      let line = (0..<stream.integer(below: 8)).map { _ in words[stream.integer(below: words.count)]
      }
      let outcome = program.run(line)
      #expect([0, 1, 2].contains(outcome.exitCode))
      #expect(outcome.error.isEmpty == (outcome.exitCode == 0), "\(line)")
      #expect(outcome.output.isEmpty == (outcome.exitCode != 0), "\(line)")
      #expect(!outcome.error.contains("\n") && outcome.error.count < 400)
    }
  }
}

@Suite struct SuggestionsTests {
  @Test func countsEdits() {
    #expect(Suggestions.editDistance(Array("kitten"), Array("sitting")) == 3)
    #expect(Suggestions.editDistance(Array("ab"), Array("ba")) == 1)
    #expect(Suggestions.editDistance([], Array("abc")) == 3)
  }

  @Test func namesOnlyWhatIsNear() {
    let names = ["simulate", "compare", "capacity"]
    #expect(Suggestions.nearest(to: "simualte", in: names) == "simulate")
    #expect(Suggestions.nearest(to: "comp", in: names) == "compare")
    #expect(Suggestions.nearest(to: "zebra", in: names) == nil)
  }
}
