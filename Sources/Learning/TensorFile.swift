import Foundation

/// Named vectors of numbers in a safetensors file: how checkpoints and policies are kept.
///
/// ```swift
/// var file = TensorFile()
/// file.set("router.0", parameters)            // [Float] or [Double]
/// file.metadata["algorithm"] = "mamrl"
/// try file.data().write(to: url, options: .atomic)
/// ```
///
/// ## Format
/// Eight bytes of little-endian header length, a JSON header of that length (padded with spaces to a
/// multiple of eight), then the raw little-endian numbers. Keys are sorted, so equal content gives
/// equal bytes; numbers are kept bit by bit.
///
/// - Source: the safetensors format, <https://github.com/huggingface/safetensors>.
public struct TensorFile: Sendable, Hashable {
  /// One tensor: its type, shape and raw bytes.
  struct Tensor: Sendable, Hashable {
    var type: String
    var shape: [Int]
    var bytes: Data
  }

  public var metadata: [String: String] = [:]
  private var tensors: [String: Tensor] = [:]

  public init() {}

  /// The names of all tensors, sorted.
  public var names: [String] { tensors.keys.sorted() }

  /// Keeps a vector, or a tensor of the given shape.
  public mutating func set<Number: TensorNumber>(
    _ name: String, _ values: [Number], shape: [Int]? = nil
  ) {
    let shape = shape ?? [values.count]
    precondition(
      shape.reduce(1, *) == values.count, "\(values.count) numbers do not fill \(shape)")
    var bytes = Data(capacity: values.count * MemoryLayout<Number>.size)
    for value in values { value.appendLittleEndian(to: &bytes) }
    tensors[name] = Tensor(type: Number.tensorType, shape: shape, bytes: bytes)
  }

  /// A tensor's numbers; nil where there is none of that name and type.
  public func values<Number: TensorNumber>(_ name: String, as: Number.Type = Number.self)
    -> [Number]?
  {
    guard let tensor = tensors[name], tensor.type == Number.tensorType else { return nil }
    return Number.decode(tensor.bytes)
  }

  public func shape(_ name: String) -> [Int]? { tensors[name]?.shape }

  /// The file's bytes.
  public func data() throws -> Data {
    var header: [String: Entry] = [:]
    var offset = 0
    for name in names {
      guard let tensor = tensors[name] else { continue }
      header[name] = Entry(
        dtype: tensor.type, shape: tensor.shape,
        dataOffsets: [offset, offset + tensor.bytes.count])
      offset += tensor.bytes.count
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var json = try encoder.encode(Header(metadata: metadata, entries: header))
    while json.count % 8 != 0 { json.append(0x20) }
    var result = Data()
    UInt64(json.count).appendLittleEndian(to: &result)
    result.append(json)
    for name in names { if let tensor = tensors[name] { result.append(tensor.bytes) } }
    return result
  }

  /// Reads a file's bytes.
  ///
  /// - Throws: `TensorFileError` where they are no safetensors file.
  public init(_ data: Data) throws(TensorFileError) {
    let data = Data(data)
    guard data.count >= 8, let length = UInt64.decode(data.prefix(8)).first,
      length <= UInt64(data.count - 8)
    else { throw .tooShort(data.count) }
    let start = 8 + Int(length)
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: data[8..<start])
    } catch {
      throw .badHeader("\(error)")
    }
    metadata = header.metadata
    for (name, entry) in header.entries {
      let range = entry.dataOffsets
      guard range.count == 2, range[0] >= 0, range[0] <= range[1], range[1] <= data.count - start
      else { throw .badRange(name) }
      tensors[name] = Tensor(
        type: entry.dtype, shape: entry.shape,
        bytes: Data(data[(start + range[0])..<(start + range[1])]))
    }
  }

  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var dataOffsets: [Int]

    /// The names that the format prescribes.
    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case dataOffsets = "data_offsets"
    }
  }

  /// The JSON header: one entry per tensor beside `__metadata__`.
  private struct Header: Codable {
    var metadata: [String: String]
    var entries: [String: Entry]

    init(metadata: [String: String], entries: [String: Entry]) {
      self.metadata = metadata
      self.entries = entries
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      metadata = [:]
      entries = [:]
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      if !metadata.isEmpty { try container.encode(metadata, forKey: Key("__metadata__")) }
      for name in entries.keys.sorted() {
        try container.encodeIfPresent(entries[name], forKey: Key(name))
      }
    }
  }

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

/// What is wrong with the bytes of a tensor file.
public enum TensorFileError: Error, Sendable, Hashable, CustomStringConvertible {
  case tooShort(Int)
  case badHeader(String)
  case badRange(String)

  public var description: String {
    switch self {
    case .tooShort(let count): "its \(count) bytes are fewer than its header announces"
    case .badHeader: "its header is no safetensors JSON"
    case .badRange(let name): "the bytes of tensor '\(name)' lie outside the file"
    }
  }
}

/// A number type that a tensor file can hold.
public protocol TensorNumber {
  static var tensorType: String { get }
  func appendLittleEndian(to data: inout Data)
  static func decode(_ data: Data) -> [Self]
}

extension TensorNumber where Self: FixedWidthInteger {
  public func appendLittleEndian(to data: inout Data) {
    withUnsafeBytes(of: littleEndian) { data.append(contentsOf: $0) }
  }

  public static func decode(_ data: Data) -> [Self] {
    let size = MemoryLayout<Self>.size
    return data.withUnsafeBytes { bytes in
      (0..<bytes.count / size).map {
        Self(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: Self.self))
      }
    }
  }
}

extension UInt32: TensorNumber { public static var tensorType: String { "U32" } }
extension UInt64: TensorNumber { public static var tensorType: String { "U64" } }
extension Int32: TensorNumber { public static var tensorType: String { "I32" } }

extension Float: TensorNumber {
  public static var tensorType: String { "F32" }
  public func appendLittleEndian(to data: inout Data) { bitPattern.appendLittleEndian(to: &data) }
  public static func decode(_ data: Data) -> [Float] {
    UInt32.decode(data).map(Float.init(bitPattern:))
  }
}

extension Double: TensorNumber {
  public static var tensorType: String { "F64" }
  public func appendLittleEndian(to data: inout Data) { bitPattern.appendLittleEndian(to: &data) }
  public static func decode(_ data: Data) -> [Double] {
    UInt64.decode(data).map(Double.init(bitPattern:))
  }
}
