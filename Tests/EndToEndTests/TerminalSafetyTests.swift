import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` T24 and B4-47: what strangers write, as operators see it.
@Suite("Terminal safety") struct TerminalSafetyTests {
    /// Texts that act on terminals, hide, reorder, or are merely long.
    static let hostile: [String] = {
        let controls = (0x00...0x1F).map { UInt32($0) } + (0x7F...0x9F).map { UInt32($0) }
        let invisible: [UInt32] = [
            0xAD, 0x34F, 0x61C, 0x115F, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029,
            0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2060, 0x2061, 0x2066, 0x2067, 0x2068, 0x2069, 0x3164,
            0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFB, 0xE0001, 0xE0041, 0xE000, 0xFFFE,
        ]
        let single = (controls + invisible).compactMap { Unicode.Scalar($0) }.map { "m\(Character($0))x" }
        return single + [
            "\u{1B}[2J\u{1B}[H", "\u{1B}]0;owned\u{07}",
            "\u{1B}]8;;http://evil.example\u{1B}\\click\u{1B}]8;;\u{1B}\\",
            "\u{1B}]52;c;ZXZpbA==\u{07}", "\u{1B}P$q\"p\u{1B}\\", "\u{9B}31m", "\u{9D}0;x\u{9C}", "\u{1B}c",
            "a\r\nforged  line", "a\nforged", "\u{202E}drowssap\u{202C}", "鍵鍵鍵", "🪪🚀🇺🇸",
            "e" + String(repeating: "\u{301}", count: 2000), "\u{301}alone",
            String(repeating: "long", count: 2500),
        ]
    }()

    @Test("no byte of a stranger's text acts on a terminal or leaves its column, in a pty or a pipe")
    func orkctl() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            var requests: [String] = []
            for (index, text) in Self.hostile.enumerated() {
                // Every other one is also what the upstream says of it, and
                // the last ones are kept as evidence against the key.
                let isLast = index + 2 >= Self.hostile.count
                if index % 2 == 0 || isLast {
                    let error: JSON = [
                        "error": ["code": .number(isLast ? "429" : "400"), "message": .string(text)]
                    ]
                    daemon.mock.script(.everything, .status(isLast ? 429 : 400, body: error.encoded))
                }
                let reply = try await daemon.caller.chat(model: text)
                if let id = reply.value("ork-request") { requests.append(id) }
            }
            try await daemon.orkctl(
                "keys", "set", "a", "--account", "\u{202E}tnuocca\u{200B}", "--tag", "t=鍵")
            // Each takes a dozen runs of orkctl.
            let chosen = stride(from: 0, to: requests.count, by: 25).map { requests[$0] } + requests.suffix(2)
            let environment = daemon.environment.merging(["ORKD_SOCKET": daemon.socket]) { $1 }
            let verdict = try await Python(environment: environment).run(
                "hostile_check.py", [try BuiltPrograms.path("orkctl"), "a"] + chosen)
            guard case .object(let checks)? = verdict["checks"] else {
                Issue.record("no checks in \(verdict.encoded)")
                return
            }
            #expect(checks.count > 150)
            for check in checks { #expect(check.value.isTrue, "\(check.name): \(check.value.text ?? "")") }
            for line in daemon.log.split(separator: "\n") {
                #expect(JSON(parsing: Array(line.utf8)) != nil, "not one JSON object: \(line.prefix(200))")
            }
        }
    }
}
