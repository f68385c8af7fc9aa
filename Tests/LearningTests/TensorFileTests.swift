import Foundation
import Learning
import Testing

struct TensorFileTests {
  @Test func everyBitReturns() throws {
    var file = TensorFile()
    let singles: [Float] = [0, -0.0, .pi, .leastNonzeroMagnitude, .infinity]
    file.set("a", singles)
    file.set("b.c", [1.0, -1e300, .ulpOfOne], shape: [3, 1])
    file.set("n", [UInt64.max, 7])
    file.metadata["algorithm"] = "mamrl"
    let bytes = try file.data()
    let back = try TensorFile(bytes)
    #expect(back == file)
    #expect(back.values("a", as: Float.self)?.map(\.bitPattern) == singles.map(\.bitPattern))
    #expect(back.shape("b.c") == [3, 1])
    #expect(back.values("a", as: Double.self) == nil)
    #expect(try back.data() == bytes)
    // The header starts after eight bytes and says where the numbers lie.
    #expect(bytes[8] == UInt8(ascii: "{"))
  }

  @Test func damagedFilesAreRefused() throws {
    var file = TensorFile()
    file.set("a", [Float](repeating: 1, count: 10))
    let bytes = try file.data()
    #expect(throws: TensorFileError.self) { try TensorFile(Data()) }
    #expect(throws: TensorFileError.self) { try TensorFile(bytes.prefix(20)) }
    #expect(throws: TensorFileError.self) { try TensorFile(bytes.dropLast(4)) }
    #expect(throws: TensorFileError.self) { try TensorFile(Data(repeating: 255, count: 64)) }
  }
}
