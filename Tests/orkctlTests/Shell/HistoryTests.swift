import Foundation
import Glibc
import Testing

@testable import orkctl

@Suite("history")
struct HistoryTests {
    @Test(
        "what is not kept: secrets, empty lines",
        arguments: ["", "keys add x " + Samples.keySecret, Samples.clientSecret, "a\nb"])
    func refused(line: String) { #expect(!History.isWorthKeeping(line)) }

    @Test("lines are kept in order, once in a row, and no more than a thousand")
    func kept() throws {
        let directory = try TemporaryDirectory.make()
        let path = directory + "/deep/er/history"
        let history = History(path: path)
        for number in 0..<2500 { _ = history.add("line \(number / 2)") }
        let again = History(path: path)
        #expect(again.load() == (250..<1250).map { "line \($0)" })
        for number in 0..<900 { _ = again.add("more \(number)") }
        let third = History(path: path)
        let lines = third.load()
        #expect(lines.count == 1000 && lines.last == "more 899" && lines.first == "line 1150")
    }

    @Test("a file that others could read is closed to them; one that is no file is left alone")
    func safety() throws {
        let directory = try TemporaryDirectory.make()
        try "old\n".write(toFile: directory + "/h", atomically: false, encoding: .utf8)
        chmod(directory + "/h", 0o644)
        #expect(History(path: directory + "/h").load() == ["old"])
        var status = stat()
        #expect(stat(directory + "/h", &status) == 0 && status.st_mode & 0o777 == 0o600)
        symlink(directory + "/target", directory + "/link")
        _ = History(path: directory + "/link").add("x")
        #expect(access(directory + "/target", F_OK) != 0)
        #expect(History(path: nil).load() == [])
    }
}
