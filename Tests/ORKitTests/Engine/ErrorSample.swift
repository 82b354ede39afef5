import Foundation
import Testing

@testable import ORKit

/// What came back from an upstream, on file in `Bodies/`: one for each row of
/// `docs/upstream-faults.md`, which says what it must mean.
struct ErrorSample: Sendable, CustomTestStringConvertible {
    /// The row's.
    let id: String
    let heard: Heard
    /// The model that was asked for.
    let model: String

    var testDescription: String { id }

    /// Saturday.
    static let now = Now(monotonic: 0, wall: WallTime(rfc3339: "2026-11-21T14:20:03.120Z")!)

    /// Empty if a file cannot be read; a test sees to it that none is.
    static let all: [ErrorSample] = (try? files()) ?? []

    /// OpenRouter's answers.
    static let answers: [UpstreamAnswer] = all.compactMap {
        if case .answer(let answer) = $0.heard, answer.dialect == .openRouter { answer } else { nil }
    }

    struct Unreadable: Error {
        var place: String
    }

    static func files() throws -> [ErrorSample] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Bodies")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try names.flatMap { name in
            let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            let entries = ("\n" + text).components(separatedBy: "\n=== ").dropFirst()
            guard !entries.isEmpty else { throw Unreadable(place: name) }
            return try entries.map { entry in
                guard let sample = ErrorSample(entry) else { throw Unreadable(place: "\(name): \(entry)") }
                return sample
            }
        }
    }

    /// An id, what came back, fields, an empty line, a body.
    private init?(_ entry: String) {
        let whole = entry.components(separatedBy: "\n\n")
        var lines = whole[0].split(separator: "\n").map(String.init)[...]
        guard let id = lines.popFirst(), let first = lines.popFirst() else { return nil }
        let fields = lines.map { line in
            line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        }
        guard fields.allSatisfy({ $0.count == 2 }) else { return nil }
        var body = Array(whole.dropFirst().joined(separator: "\n\n").utf8)
        while body.last == UInt8(ascii: "\n") { body.removeLast() }
        self.id = id
        if let name = first.wholeMatch(of: /no answer: (.+)/)?.1 {
            guard let failure = Self.failure(String(name)), fields.isEmpty, body.isEmpty else { return nil }
            heard = .noAnswer(failure)
            model = "v/m"
            return
        }
        guard let parts = first.wholeMatch(of: /(?:(openai|anthropic) )?([0-9]+|in band)(?: for (\S+))?/)
        else { return nil }
        let dialect = parts.1.map(String.init).flatMap(Dialect.init) ?? .openRouter
        model = parts.3.map(String.init) ?? "v/m"
        if let status = Int(parts.2) {
            heard = .answer(
                UpstreamAnswer(
                    status: status, fields: fields.map { AnswerField($0[0], $0[1]) }, body: body,
                    model: model,
                    dialect: dialect))
        } else {
            guard fields.isEmpty, !body.isEmpty else { return nil }
            heard = .inBand(json: body, model: model, dialect)
        }
    }

    private static func failure(_ name: String) -> TransportFailure? {
        switch name {
        case "refused": .refused
        case "timed out connecting": .timedOutConnecting
        case "tls handshake failure": .tls("handshake failure")
        case "dns": .dns
        case "reset before head": .resetBeforeHead
        case "slow head": .slowHead
        case "protocol error: bad chunk size": .protocolError("bad chunk size")
        case "truncated": .truncated
        case "stalled": .stalled
        case "redirect": .redirect
        case "address refused": .addressRefused
        default: nil
        }
    }
}
