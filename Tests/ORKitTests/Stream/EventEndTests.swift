import Testing

@testable import ORKit

@Suite("Ends of events")
struct EventEndTests {
    private func end(_ text: String) -> Int? { Array(text.utf8).withUnsafeBytes { EventEnd.last(in: $0) } }

    @Test("what stands behind the last empty line is no whole event, whichever way lines end")
    func lastEmptyLine() {
        for line in ["\n", "\r", "\r\n"] {
            let whole = "data: a\(line)\(line)data: b\(line)\(line)"
            #expect(end(whole) == whole.utf8.count)
            #expect(end(whole + "data: c\(line)dat") == whole.utf8.count)
        }
        #expect(end("data: a\r\n\ndata") == 10)
    }

    @Test("without an empty line there is none: one CR with its LF is one end")
    func none() {
        for text in ["", "\n", "data: a", "data: a\n", "data: a\r\ndata: b\r\n"] { #expect(end(text) == nil) }
    }
}
