import Foundation
import ORKTestSupport
import Testing

/// Parsers of ours with one tolerance each: what we refuse is repaired before
/// it is read. The comparison must find every one of them.
enum Tolerance: String, CaseIterable, Sendable {
    case bareLineFeed, blankBeforeColon, foldedLine, lengthBesideCoding, secondLength, signedLength, anyCoding
    case underscore, nulByte, version, blankAfterChunkSize, emptyLineBefore

    func repair(_ stream: [UInt8]) -> [UInt8] {
        // One byte is one character: nothing else is changed on the way.
        let text = String(String.UnicodeScalarView(stream.map { Unicode.Scalar($0) }))
        return replaced(text).unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    private func replaced(_ text: String) -> String {
        func replacing(_ pattern: String, _ template: String) -> String {
            text.replacingOccurrences(of: pattern, with: template, options: .regularExpression)
        }
        switch self {
        case .bareLineFeed: return replacing("(?<!\r)\n", "\r\n")
        case .blankBeforeColon: return replacing("(?<=\r\n)([A-Za-z-]+)[ \t]+:", "$1:")
        case .foldedLine: return replacing("\r\n[ \t]+", " ")
        case .lengthBesideCoding:
            let coded =
                text.range(of: "\r\n[Tt]ransfer-[Ee]ncoding: ?chunked", options: .regularExpression) != nil
            return coded ? replacing("\r\n[Cc]ontent-[Ll]ength:[^\r\n]*(?=\r\n)", "") : text
        case .secondLength: return replacing("(\r\nContent-Length: [0-9]+)\r\nContent-Length: [0-9]+", "$1")
        case .signedLength: return replacing("Content-Length: [+]", "Content-Length: ")
        case .anyCoding: return replacing("Transfer-Encoding: [^\r\n]*(?=\r\n)", "Transfer-Encoding: chunked")
        case .underscore: return replacing("_Length|_Encoding", "-Length")
        case .nulByte: return replacing("\0", "")
        case .version: return replacing("HTTP/1\\.[2-9]", "HTTP/1.1")
        case .blankAfterChunkSize: return replacing("\r\n([0-9a-f]+) +\r\n", "\r\n$1\r\n")
        case .emptyLineBefore: return replacing("\\A(\r\n)+", "")
        }
    }
}

@Suite("Planted differences", .serialized) struct PlantedDifferenceTests {
    private static let streams: [[UInt8]] = {
        guard let corpus = try? HeadCorpus.requests() else { return [] }
        let mutator = StreamMutator(corpus, areRequests: true)
        var dice = Seed(value: 1).generator("planted")
        let mutated = (0..<1000).map { _ in mutator.stream(using: &dice) }
        let preceded = Array("\r\nGET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        let blank = Array(
            "POST /v1/models HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n"
                .utf8)
        return FramingCases.requests + mutated + [preceded, blank]
    }()

    @Test("a parser that tolerates something is found out", arguments: Tolerance.allCases)
    func tolerance(_ tolerance: Tolerance) async throws {
        var run = DifferentialRun()
        run.own = { OwnReading.requests(tolerance.repair($0), counting: &$1) }
        run.send = { _, _ in [] }
        let outcome = try await run.requests(Self.streams)
        #expect(!outcome.disagreements.isEmpty)
    }

    @Test("a request sent on as it came, or with something behind it, is found out")
    func forwarding() async throws {
        let corpus = try HeadCorpus.requests().samples.map(\.bytes)
        var copied = DifferentialRun()
        copied.send = { stream, upstream in
            OwnReading.sent(for: stream, to: upstream).map {
                OwnReading.Sent(bytes: stream, expected: $0.expected)
            }
        }
        var followed = DifferentialRun()
        followed.send = { stream, upstream in
            OwnReading.sent(for: stream, to: upstream).map {
                OwnReading.Sent(bytes: $0.bytes + Array(StreamMutator.contraband.utf8), expected: $0.expected)
            }
        }
        for run in [copied, followed] {
            let outcome = try await run.requests(Array(corpus.prefix(50)))
            #expect(outcome.disagreements.contains { $0.kind == .smuggled })
        }
    }
}
