import Experiments
import Networks
import Synchronization
import Testing

@Suite struct ParallelMapTests {
  @Test(arguments: [1, 2, 5, 64]) func joinsByIndex(threads: Int) throws {
    let result = try ParallelMap(threads: threads).map(count: 37) { $0 * $0 }
    #expect(result == (0..<37).map { $0 * $0 })
    #expect(try ParallelMap(threads: threads).map(count: 0) { $0 }.isEmpty)
  }

  @Test func handsOnTheError() {
    #expect(throws: InputError(file: "f", expected: "7")) {
      try ParallelMap(threads: 1).map(count: 20) { index in
        if index == 7 { throw InputError(file: "f", expected: "\(index)") }
      }
    }
  }

  @Test func tellsItsObserver() throws {
    final class Recorder: ProgressObserver {
      let seen = Mutex<[Int]>([])
      func progress(_ label: String, completed: Int, total: Int) {
        seen.withLock { $0.append(completed) }
      }
    }
    let recorder = Recorder()
    _ = try ParallelMap(threads: 2, observer: recorder, label: "job").map(count: 10) { $0 }
    #expect(recorder.seen.withLock { $0.sorted() } == Array(0...10))
  }
}
