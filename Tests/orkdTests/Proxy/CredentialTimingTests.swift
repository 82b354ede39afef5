import Crypto
import Foundation
import ORKTestSupport
import ORKit
import Testing

@testable import orkd

/// Whether the time of a refusal tells how much of a guessed key was right
/// (`reliability.md` T25): Welch's t over two kinds of guesses, measured in
/// random order, as dudect does. `ORK_TIMING` sets how many guesses.
@Suite("timing of credentials", .serialized)
struct CredentialTimingTests {
    private static let samples =
        ProcessInfo.processInfo.environment["ORK_TIMING"].flatMap(Int.init) ?? 100_000
    private static let key = Array(("gw_live_" + String(repeating: "K7", count: 21)).utf8)

    private static func request(_ key: [UInt8]) -> [UInt8] {
        Array("GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ".utf8) + key
            + Array("\r\n\r\n".utf8)
    }

    /// Nanoseconds of this thread's processor time.
    private static func clock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Measures `look` on guesses that share all but the last letter with the
    /// key, and on guesses that share nothing.
    private static func t(_ look: ([UInt8]) -> Bool) -> Double {
        var random = Seed.current.generator("timing")
        let near = Array(key.dropLast()) + [0x21]
        let far = [UInt8](repeating: 0x7A, count: key.count)
        let guesses = [near, far].map(request)
        var times: [[Double]] = [[], []]
        var found = 0
        for _ in 0..<samples {
            let kind = Int.random(in: 0...1, using: &random)
            let before = clock()
            let isFound = look(guesses[kind])
            times[kind].append(Double(clock() - before))
            if isFound { found += 1 }
        }
        #expect(found == 0)
        // The slowest tenth is the machine's, not ours.
        let cut = (times[0] + times[1]).sorted()[samples * 9 / 10]
        let kept = times.map { $0.filter { $0 <= cut } }
        let means = kept.map { $0.reduce(0, +) / Double($0.count) }
        let errors = zip(kept, means).map { values, mean in
            values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
                / Double(values.count)
        }
        return (means[0] - means[1]) / (errors[0] + errors[1]).squareRoot()
    }

    @Test("the time of a refusal says nothing about the guess: |t| below 4.5", .proves("B4-16", "T25"))
    func constant() {
        let digest = Crypto.SHA256.hash(data: Self.key).withUnsafeBytes { ORKit.Digest($0) }
        let entry = ClientEntry(
            id: ClientID(1), name: "a", permissions: .standard, enabled: true, expiresAt: nil)
        let table = Dictionary(uniqueKeysWithValues: [digest].compactMap { $0 }.map { ($0, entry) })
        var parser = HeadParser()
        var known = KnownCredential()
        let t = Self.t { bytes in
            bytes.withUnsafeBytes { bytes in
                parser.reset()
                guard case .complete = parser.parse(bytes) else { return true }
                guard
                    case .digest(let digest) = Credential.read(
                        parser.head, source: bytes, known: &known)
                else {
                    return true
                }
                return table[digest] != nil
            }
        }
        print("B4-16: |t| = \(abs(t)) over \(Self.samples) guesses")
        #expect(abs(t) < 4.5)
    }

    @Test("a comparison that stops at the first wrong letter is found by the same measurement")
    func planted() {
        let wanted = Self.request(Self.key)
        let t = Self.t { bytes in
            var sum = 0
            for (a, b) in zip(bytes, wanted) {
                guard a == b else { return false }
                sum += 1
            }
            return sum > 0
        }
        #expect(abs(t) > 4.5)
    }
}
