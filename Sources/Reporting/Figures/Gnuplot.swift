import Foundation

/// A figure that gnuplot draws: its script and its data, kept beside the picture so that a
/// researcher can restyle it (`gnuplot delay-load.gp` in the folder of figures draws it anew).
public struct GnuplotFigure: Sendable, Hashable {
  /// The stem of the three files.
  public var name: String
  public var data: String
  /// Commands after the common preamble.
  public var commands: [String]
  public var width: Int
  public var height: Int

  public init(name: String, data: String, commands: [String], width: Int = 900, height: Int = 420) {
    self.name = name
    self.data = data
    self.commands = commands
    self.width = width
    self.height = height
  }

  /// The whole script; it expects to be run in the folder of its data.
  public var script: String {
    let preamble = [
      "# Draws \(name).svg from \(name).csv; run it in this folder.",
      "set terminal svg size \(width),\(height) dynamic enhanced rounded "
        + "font 'Helvetica,Arial,sans-serif,13' background '#ffffff'",
      "set encoding utf8",
      "set output '\(name).svg'",
      "set datafile separator ','",
      "set datafile missing ''",
      "data = '\(name).csv'",
      "set border 3 lc rgb '#888888' lw 0.8",
      "set tics nomirror out scale 0.5 textcolor rgb '#333333'",
      "set grid lc rgb '#e4e4e4' lw 0.6 dt 1",
      "set key noautotitle",
    ]
    return (preamble + commands).joined(separator: "\n") + "\n"
  }

  /// A text in single quotes as gnuplot needs it, with no markup in it.
  static func quoted(_ text: String) -> String {
    var plain = ""
    for character in text {
      if "\\{}^_@&~".contains(character) { plain.append("\\") }
      plain.append(character == "'" ? "’" : character.isNewline ? " " : character)
    }
    return "'\(plain)'"
  }
}

/// Runs gnuplot.
public struct Gnuplot: Sendable {
  private let executable: String

  /// Finds gnuplot in the search path.
  ///
  /// - Throws: `ReportError` that says how to get it.
  public init(
    searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? ""
  ) throws(ReportError) {
    let places = searchPath.split(separator: ":").map { "\($0)/gnuplot" }
    guard let found = places.first(where: FileManager.default.isExecutableFile) else {
      throw ReportError(
        .environment,
        "gnuplot is needed to draw figures and was not found; install it with "
          + "'apt-get install gnuplot-nox'.")
    }
    executable = found
  }

  /// Writes a figure's data and script into a folder, draws it there, and returns the picture.
  public func draw(_ figure: GnuplotFigure, in folder: String) throws -> String {
    let base = URL(fileURLWithPath: folder).appendingPathComponent(figure.name)
    try Data(figure.data.utf8).write(to: base.appendingPathExtension("csv"))
    try Data(figure.script.utf8).write(to: base.appendingPathExtension("gp"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = [figure.name + ".gp"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let messages = Pipe()
    process.standardError = messages
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let complaint = String(
      decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let words = complaint.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      throw ReportError(
        .environment, "gnuplot could not draw \(figure.name): \(words.prefix(300)).")
    }
    return try String(contentsOf: base.appendingPathExtension("svg"), encoding: .utf8)
  }
}
