// Stream tests: the byte machines, each rule as a case of its own, each at every split position.
// Here: tests of Sources/ORKit/Stream and their small tools.
// Not here: sockets, clocks, engine decisions. May import Testing, ORKit and Glibc (for ORK_SEED).

import Glibc

@testable import ORKit

/// A head as it goes over the wire: lines joined by CRLF, with the empty line
/// at the end.
func head(_ lines: String...) -> [UInt8] {
    Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
}

extension [UInt8] {
    init(_ text: String) { self = Array(text.utf8) }

    var text: String { String(decoding: self, as: UTF8.self) }

    func text(_ span: Span?) -> String? { span.map { String(decoding: self[$0.range], as: UTF8.self) } }
}

/// What a parser says when it is given everything at once.
func refusal(of bytes: [UInt8], limits: HeadLimits = HeadLimits()) -> HeadRefusal? {
    var parser = HeadParser(limits: limits)
    guard case .refused(let refusal) = bytes.withUnsafeBytes({ parser.parse($0) }) else { return nil }
    return refusal
}

/// A small generator whose seed can be given back: `ORK_SEED=…`.
struct Dice: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init(seed given: UInt64) {
        seed = getenv("ORK_SEED").flatMap { UInt64(String(cString: $0)) } ?? given
        state = seed
        print("ORK_SEED=\(seed)")
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func bytes(_ count: Int, from alphabet: [UInt8]) -> [UInt8] {
        (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &self)] }
    }
}
