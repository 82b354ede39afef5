import ORKit
import Testing

@testable import orkd

@Suite("What an export says about a key") struct KeyExportTests {
    private static let secret = KeysFixture.secret(1)
    private static let fingerprint = Digest.of(Secret(secret.utf8)).hex
    private static let counters =
        #"{"attempts":5,"successes":3,"failures":1,"rate_limited":1,"consecutive_failures":0,"#
        + #""prompt_tokens":10,"completion_tokens":20,"cost_pico_usd":30}"#

    private static func line(_ changes: [String: String?] = [:]) -> String {
        var fields: [String: String?] = [
            "name": #""a""#, "secret": "\"\(secret)\"", "fingerprint": "\"\(fingerprint)\"",
            "provider": #""openrouter""#, "weight": "1", "pool": #""default""#, "priority": "0",
            "max_in_flight": "0", "tags": "{}", "metadata": "{}", "enabled": "true", "checked": "false",
            "added_at": #""2026-01-02T03:04:05Z""#, "counters": counters,
        ]
        fields.merge(changes) { $1 }
        let members = fields.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }
        return "{" + members.sorted().joined(separator: ",") + "}"
    }

    private func read(_ line: String) throws -> ImportReader.Reading {
        var reader = ImportReader(format: .jsonl)
        return try Array(line.utf8).withUnsafeBytes { try reader.read(.whole($0)) }
    }

    private func kept(_ line: String) throws -> KeptKey? {
        guard case .entry(let entry) = try read(line) else { return nil }
        return entry.kept
    }

    private static func rest(_ change: (String, String)? = nil) -> String {
        var fields = [
            "scope": #""model@key""#, "model": #""v/m""#, "cause": #""rate-limited""#,
            "until": #""2026-01-02T04:00:00Z""#, "since": #""2026-01-02T03:00:00Z""#, "stated": "true",
            "guesses": "0", "rule": #""429""#, "evidence": #""slow down""#,
        ]
        if let change { fields[change.0] = change.1 }
        return "[{" + fields.map { "\"\($0.key)\":\($0.value)" }.sorted().joined(separator: ",") + "}]"
    }

    @Test("all of it is read")
    func whole() throws {
        let quota =
            #"{"requests":9,"window":"daily","use":{"width":1440000,"cells":[[1,2,0]],"phase":"plain","#
            + #""tokens_each":1.5,"since":"2026-01-02T03:00:00Z"}}"#
        let kept = try #require(
            try kept(
                Self.line([
                    "rests": Self.rest(), "quota": quota, "broken_since": #""2026-01-02T03:00:01Z""#,
                    "suspect_since": #""2026-01-02T03:00:02Z""#, "invalid_since": #""2026-01-02T03:00:03Z""#,
                    "last_used_at": #""2026-01-02T03:00:04Z""#, "latency": "12.5", "last_error": #""x""#,
                    "last_error_at": #""2026-01-02T03:00:05Z""#, "enabled": "false",
                    "disabled_reason": #""why""#, "priority": "4", "max_in_flight": "7",
                    "state": #""broken""#,
                ])))
        func time(_ second: Int) -> WallTime? { WallTime(rfc3339: "2026-01-02T03:00:0\(second)Z") }
        #expect(kept.facts.counters.attempts == 5 && kept.facts.counters.costPico == 30)
        let rest = try #require(kept.facts.rests.first)
        #expect(rest.scope == .modelAtKey && rest.model == "v/m" && rest.cause == Cause.rateLimited.rawValue)
        #expect(rest.stated && rest.sinceMilliseconds == time(0)?.milliseconds)
        #expect(kept.facts.brokenSince == time(1) && kept.facts.suspectSince == time(2))
        #expect(kept.facts.invalidSince == time(3) && kept.facts.lastUsedAt == time(4))
        #expect(
            kept.facts.latency == 12.5 && kept.facts.lastError == "x" && kept.facts.lastErrorAt == time(5))
        #expect(kept.quota?.requests == 9 && kept.use?.cells.count == 1 && kept.use?.tokensEach == 1.5)
        #expect(!kept.enabled && kept.disabledReason == "why" && kept.priority == 4 && kept.maxInFlight == 7)
    }

    @Test(
        "what cannot be true is refused, whatever a file says",
        arguments: [
            ("fingerprint", #""00""#), ("fingerprint", #""zz""#), ("added_at", #""yesterday""#),
            ("weight", "0"), ("priority", "10"), ("max_in_flight", "-1"), ("latency", "-1"),
            ("latency", "1e300"), ("last_error", #""a\u001b[2J""#), ("broken_since", #""x""#),
            ("counters", counters.replacing(":5,", with: ":-5,")),
            ("counters", counters.replacing(":30}", with: ":9223372036854775807}")),
            ("counters", counters.replacing(":5,", with: ":9223372036854775807,")),
            ("counters", counters.replacing(":5,", with: ":1e30,")), ("counters", "{}"),
            ("rests", rest(("scope", #""network""#))), ("rests", rest(("scope", #""key at night""#))),
            ("rests", rest(("model", "null"))), ("rests", rest(("cause", #""bad luck""#))),
            ("rests", rest(("until", #""never""#))), ("rests", rest(("guesses", "-1"))),
            ("rests", rest(("guesses", "4000000000"))), ("rests", rest(("evidence", #""\u0007""#))),
            ("rests", rest(("proofs", "-3"))),
            ("quota", #"{"window":"daily"}"#), ("quota", #"{"requests":-1,"window":"daily"}"#),
            ("quota", #"{"requests":1,"window":"some day"}"#),
            (
                "quota",
                #"{"requests":1,"window":"daily","use":{"width":0,"cells":[],"phase":"plain","tokens_each":0}}"#
            ),
            (
                "quota",
                #"{"requests":1,"window":"daily","use":{"width":1,"cells":[[1,-1,0]],"phase":"plain","tokens_each":0}}"#
            ),
            (
                "quota",
                #"{"requests":1,"window":"daily","use":{"width":1,"cells":[[1]],"phase":"plain","tokens_each":0}}"#
            ),
            ("name", #""sk-or-v1-looks-like-a-secret""#), ("secret", #""short""#), ("frob", "1"),
        ])
    func refused(field: String, value: String) throws {
        guard case .rejected(let code, let message) = try read(Self.line([field: value])) else {
            Issue.record("\(field): \(value) was taken")
            return
        }
        #expect([.badValue, .badFormat, .unknownField].contains(code), "\(message)")
        #expect(!message.contains(Self.secret))
    }

    @Test("a fingerprint that does not fit the secret beside it is refused, and one in capitals fits")
    func fingerprints() throws {
        guard case .entry(let other) = try read(Self.line(["secret": "\"\(KeysFixture.secret(2))\""])),
            case .entry(let loud) = try read(
                Self.line(["fingerprint": "\"\(Self.fingerprint.uppercased())\""])),
            case .entry(let bare) = try read(Self.line(["secret": nil]))
        else {
            Issue.record("not read")
            return
        }
        #expect(other.fingerprint == nil)
        #expect(loud.fingerprint?.hex == Self.fingerprint)
        #expect(bare.secret == nil && bare.fingerprint?.hex == Self.fingerprint)
    }

    @Test("pages follow one another, secrets come only when asked for, and are in the audit trail then")
    func pages() async throws {
        let fixture = try KeysFixture()
        defer { fixture.store.close() }
        for number in 1...5 { try await fixture.add("k\(number)", number) }
        let audited = try await fixture.audit().count
        var query = KeyExportQuery()
        query.limit = 2
        var names: [String] = []
        repeat {
            let page = try await fixture.keys.export(query, .real)
            #expect(page.items.allSatisfy { $0.secret == nil })
            names += page.items.map(\.name)
            query.cursor = page.next
        } while query.cursor != nil
        #expect(names == ["k1", "k2", "k3", "k4", "k5"])
        #expect(try await fixture.audit().count == audited)
        query.secrets = true
        let page = try await fixture.keys.export(query, .real)
        #expect(page.items.map(\.secret) == [KeysFixture.secret(1), KeysFixture.secret(2)])
        #expect(try await fixture.audit().last == "keys.export 2 keys")
        query.limit = 0
        #expect(await fixture.code { _ = try await fixture.keys.export(query, .real) } == .badValue)
        query.limit = nil
        query.cursor = "x"
        #expect(await fixture.code { _ = try await fixture.keys.export(query, .real) } == .badValue)
        query.cursor = nil
        query.select = ["nosuch"]
        #expect(await fixture.code { _ = try await fixture.keys.export(query, .real) } == .keyNotFound)
    }
}
