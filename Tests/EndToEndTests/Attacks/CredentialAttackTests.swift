import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` B4, lines 14, 15, 18 and 19: who is let in, and what is no
/// argument for it.
@Suite("Attacks with credentials") struct CredentialAttackTests {
    @Test(
        "28 requests with more than one credential, or one in the query, are 400 and not logged",
        .proves("B4-14"))
    func several() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let good = daemon.clientSecret
            let bearer = ("Authorization", "Bearer " + good)
            var tally = Tally()
            for headers in [
                [bearer, bearer], [bearer, ("Authorization", "Bearer x")],
                [("Authorization", "Bearer x"), bearer],
                [bearer, ("authorization", "Basic eDp5")], [bearer, ("x-api-key", "x")],
                [("x-api-key", good), ("Authorization", "Bearer x")],
                [("x-api-key", good), ("x-api-key", good)],
                [("x-api-key", good), ("X-API-Key", "x")],
                [("X-Client-API-Key", good), ("X-Client-API-Key", good)],
                [("X-Client-API-Key", good), ("x-client-api-key", "x")],
                [bearer, bearer, ("x-api-key", good)],
                [("Authorization", "Basic " + good), ("x-api-key", good)],
            ] {
                let reply = try await daemon.caller(key: nil).get("/v1/models", headers: headers)
                #expect(
                    reply.status == 400 && reply.errorCode == "credential-conflict", "\(headers.map(\.0))")
                tally.add(reply)
            }
            for query in [
                "key=\(good)", "api_key=\(good)", "api-key=x", "apikey=x", "access_token=x", "token=x",
                "authorization=Bearer", "KEY=x", "Api_Key=x", "a=b&key=x", "key", "key=", "&&key=x",
                "x-api-key=x",
                "k%65y=\(good)", "anything=\(good)",
            ] {
                let reply = try await daemon.caller.get("/v1/models?" + query)
                #expect(
                    reply.status == 400 && reply.errorCode == "credential-in-query",
                    "\(query.prefix(8)): \(reply.text)")
                tally.add(reply)
            }
            #expect(tally.total == 28)
            #expect(daemon.mock.requests.isEmpty)
            // Not credentials: what only looks a little like them, and the same credential twice.
            for query in ["keyboard=1", "q=key", "max_tokens=3", "sort=token"] {
                #expect(try await daemon.caller.get("/v1/models?" + query).status == 200, "\(query)")
            }
            #expect(try await daemon.caller.get("/v1/models", headers: [("x-api-key", good)]).status == 200)
            tally.print("14")
            // That no query is in a log, the search for secrets at the end of the test shows.
        }
    }

    @Test("44 wrong keys have one answer, whatever is wrong with them", .proves("B4-15", "SE-05"))
    func wrong() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let good = daemon.clientSecret
            let disabled = try await daemon.addClient("disabled")
            try await daemon.orkctl("clients", "disable", "disabled")
            var keys = [
                "' OR '1'='1", "'; DROP TABLE client; --", "\" OR 1=1 --", "%", "_", "gw_%", "gw_live_%", "*",
                "gw_*", "?",
                "1; SELECT load_extension('x')", "admin", "root", "dummy-key", "null", "undefined", "true",
                "0", "-1",
                "{}", "[]", "${jndi:ldap://x}", "{{7*7}}", "$(id)", "`id`", "../../etc/passwd", "%00",
                "%0d%0a", "\\",
                "gw_live_", "sk-or-v1-" + String(repeating: "0", count: 64),
                String(repeating: "x", count: 8000),
                "Bearer", "bearer " + good, good + "x", String(good.dropLast()), String(good.dropFirst()),
                good.uppercased(), good.lowercased(), good + " " + good, good + "," + good, "\"\(good)\"",
                String(good.reversed()), String(good.dropLast()) + "!",
            ]
            keys.removeAll { $0 == good }
            #expect(keys.count == 44)
            var bodies: Set<String> = []
            var tally = Tally()
            for (index, key) in keys.enumerated() {
                let name = ["Authorization", "x-api-key", "X-Client-API-Key"][index % 3]
                let value = index % 3 == 0 ? "Bearer " + key : key
                let reply = try await daemon.caller(key: nil).get("/v1/models", headers: [(name, value)])
                #expect(
                    reply.status == 401 && reply.errorCode == "client-unknown",
                    "\(key.prefix(20)): \(reply.text)")
                let id = try #require(reply.value("ork-request"))
                bodies.insert(
                    reply.text.replacing(id, with: "ID") + reply.headers.map(\.name).joined(separator: ","))
                tally.add(reply)
            }
            #expect(bodies.count == 1, "\(bodies)")
            // Who holds a key that was taken away may know why.
            let taken = try await daemon.caller(key: disabled).get("/v1/models")
            #expect(taken.errorCode == "client-disabled")
            #expect(daemon.mock.requests.isEmpty)
            tally.print("15")
        }
    }

    @Test("12 credentials that are none, or no text, are refused before they are looked up", .proves("B4-15"))
    func malformed() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for value in ["", "Bearer", "Bearer ", "Bearer    ", "   ", "\t"] {
                let reply = try await daemon.caller(key: nil).get(
                    "/v1/models", headers: [("Authorization", value)])
                #expect(reply.status == 401, "\(value.debugDescription)")
            }
            let attacks = [
                Attack(
                    "1 MiB",
                    "GET /v1/models HTTP/1.1\r\nHost: y\r\nAuthorization: Bearer "
                        + String(repeating: "x", count: 1 << 20), 431, "head-too-large"),
                Attack(
                    "look-alikes",
                    "GET /v1/models HTTP/1.1\r\nHost: y\r\nAuthorization: Bearer ｇｗ_live_х\r\n\r\n", 400,
                    "bad-request"),
                Attack(
                    "a carriage return",
                    "GET /v1/models HTTP/1.1\r\nHost: y\r\nAuthorization: Bearer x\rX: y\r\n\r\n", 400,
                    "bad-request"),
                Attack(
                    "a line feed",
                    "GET /v1/models HTTP/1.1\r\nHost: y\r\nAuthorization: Bearer x\nX: y\r\n\r\n", 400,
                    "bad-request"),
                Attack(
                    "a NUL", "GET /v1/models HTTP/1.1\r\nHost: y\r\nx-api-key: x\u{0}\r\n\r\n", 400,
                    "bad-request"),
                Attack(
                    "a folded one",
                    "GET /v1/models HTTP/1.1\r\nHost: y\r\nAuthorization: Bearer\r\n x\r\n\r\n", 400,
                    "bad-request"),
            ]
            try await daemon.refuses(attacks).print("15 malformed")
        }
    }

    @Test("24 statements about who and where the caller is are no credential", .proves("B4-18", "B4-19"))
    func statements() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            var variants = 0
            for (name, value) in [
                ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-For", "::1, 10.0.0.1"),
                ("Forwarded", "for=127.0.0.1"),
                ("X-Real-IP", "127.0.0.1"), ("X-Client-IP", "127.0.0.1"), ("True-Client-IP", "127.0.0.1"),
                ("CF-Connecting-IP", "127.0.0.1"), ("X-Forwarded-User", "admin"), ("X-Remote-User", "root"),
                ("X-Authenticated-User", "root"), ("X-Forwarded-Client-Cert", "Subject=\"CN=root\""),
                ("Referer", "http://localhost/admin"), ("Origin", "http://localhost"),
                ("HTTP-Referer", "https://openrouter.ai"),
                ("X-Title", "admin"), ("User-Agent", "orkctl"), ("Orkd-API", "1"),
                ("Cookie", "session=admin"),
                ("Host", "localhost"), ("Host", "orkd"), ("Via", "1.1 orkd"),
                ("X-Requested-With", "XMLHttpRequest"),
            ] {
                let reply = try await daemon.caller(key: nil).get("/v1/models", headers: [(name, value)])
                #expect(
                    reply.status == 401 && reply.errorCode == "credential-missing", "\(name): \(reply.text)")
                // With a credential they change nothing either.
                let good = try await daemon.caller.get("/v1/models", headers: [(name, value)])
                #expect(good.status == 200, "\(name)")
                variants += 1
            }
            // The PROXY protocol, both versions, from a peer that may not speak it.
            let second: [UInt8] = [
                0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0, 12,
            ]
            let attacks = [
                Attack("version 1", "PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n", 400, "bad-request"),
                Attack("version 2", second + [127, 0, 0, 1, 127, 0, 0, 1, 0, 1, 0, 2], 400, "bad-request"),
            ]
            variants += try await daemon.refuses(attacks).total
            #expect(variants == 24)
            print("B4-18, B4-19: \(variants) variants")
        }
    }

    @Test(
        "200 guesses of an address: 60 are told no, the others to wait; a good key is served all the while",
        .proves("B4-17"))
    func guessing() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            var tally = Tally()
            for number in 0..<200 {
                // Who says to come from elsewhere is counted where it comes from.
                let reply = try await daemon.caller(key: "gw_live_guess\(number)").get(
                    "/v1/models",
                    headers: [
                        ("X-Forwarded-For", "198.51.100.\(number)"), ("X-Real-IP", "198.51.100.\(number)"),
                    ])
                if number < 60 {
                    #expect(reply.status == 401)
                } else {
                    #expect(reply.status == 429 && reply.errorCode == "too-many-failures")
                    let wait = try #require(reply.value("retry-after").flatMap { Int($0) })
                    #expect((1...60).contains(wait) && reply.value("connection") == "close")
                }
                tally.add(reply)
                if number % 20 == 0 { #expect(try await daemon.caller.get("/v1/models").status == 200) }
            }
            #expect(daemon.relayed.count == 10)
            #expect(try await daemon.terminate() == 0)
            // One line for all of them, and none with what was guessed.
            let lines = daemon.log.split(separator: "\n").filter {
                $0.contains("callers were not let in")
            }
            #expect(lines.count == 1 && lines[0].contains("127.0.0.1 client-unknown 200"), "\(lines)")
            #expect(!daemon.log.contains("gw_live_guess"))
            tally.print("17")
        }
    }
}
