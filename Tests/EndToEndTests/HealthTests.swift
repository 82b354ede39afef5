import MockUpstream
import ORKTestSupport
import Testing

@Suite("Health and probes") struct HealthTests {
    @Test("health tells state, store, keys, upstream, users, version and age", .proves("HL-01", "HL-08"))
    func healthy() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller.chat().status == 200)
            let reply = try await daemon.caller(key: nil).get("/health")
            #expect(reply.status == 200)
            let body = try #require(reply.json)
            #expect(body["status"]?.text == "healthy")
            #expect(body["database"]?.text == "connected")
            #expect(body["openrouter"]?.text == "connected")
            #expect(body["keys"]?["total"]?.integer == 1)
            #expect(body["keys"]?["usable"]?.integer == 1)
            #expect(body["user_count"]?.integer == 1)
            #expect(body["timestamp"]?.text?.hasSuffix("Z") == true)
            #expect(body["version"]?.text?.isEmpty == false)
            #expect(body["uptime_seconds"] != nil)
            for part in ["database", "keys", "upstream"] {
                #expect(body["checks"]?[part]?["status"]?.text == "healthy", "\(part)")
            }
            #expect(try await daemon.health() == ("healthy", 0))
        }
    }

    @Test(
        "without a usable key it is degraded, and well again as soon as there is one",
        .proves("HL-01", "HL-08"))
    func degraded() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.orkctl("keys", "disable", "a").status == 0)
            #expect(try await daemon.health() == ("degraded", 1))
            try await daemon.expectHealth("degraded", 200)
            #expect(try await daemon.orkctl("keys", "enable", "a").status == 0)
            // Nobody asks orkctl meanwhile: the probe must find out by itself.
            try await daemon.expectHealth("healthy", 200)
            #expect(try await daemon.health() == ("healthy", 0))
        }
    }

    @Test("without a daemon health is down", .proves("HL-08"))
    func absent() async throws {
        try await withDaemon(start: false) { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.health() == ("down", 2))
        }
    }

    @Test(
        "while the database is locked the daemon is not ready, but alive; then it is by itself",
        .proves("HL-01", "HL-02", "HL-03", "HL-08"))
    func locked() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.probe("/readiness") == 200)
            let lock = try WriteLock(database: daemon.database)
            // Nobody asks anything: the daemon must find out by itself, and later that it is over.
            try await eventually("readiness is refused") { try await daemon.probe("/readiness") == 503 }
            let refused = try await daemon.caller(key: nil).get("/readiness")
            #expect(refused.json?["code"]?.text == "storage-unavailable")
            #expect(try await daemon.probe("/liveness") == 200)
            #expect(try await daemon.health() == ("down", 2))
            try await daemon.expectHealth("unhealthy", 503)
            let change = try await daemon.orkctl("keys", "disable", "a")
            #expect(change.status == 75)
            #expect(change.stderr.contains("storage-unavailable"))
            let chat = try await daemon.caller.chat()
            #expect(chat.status == 503 && chat.errorCode == "storage-unavailable")
            lock.release()
            try await eventually("readiness is back") { try await daemon.probe("/readiness") == 200 }
            #expect(try await daemon.health() == ("healthy", 0))
            #expect(try await daemon.caller.chat().status == 200)
        }
    }

    @Test("while draining the daemon is not ready, but alive", .proves("HL-02", "HL-03"))
    func draining() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.orkctl("daemon", "drain").status == 0)
            let refused = try await daemon.caller(key: nil).get("/readiness")
            #expect(refused.status == 503)
            #expect(refused.json?["code"]?.text == "draining")
            #expect(try await daemon.probe("/liveness") == 200)
            try await daemon.expectHealth("degraded", 200)
            let chat = try await daemon.caller.chat()
            #expect(chat.status == 503)
            #expect(chat.errorCode == "draining")
            #expect(try await daemon.orkctl("daemon", "resume").status == 0)
            #expect(try await daemon.probe("/readiness") == 200)
            #expect(try await daemon.caller.chat().status == 200)
        }
    }

    @Test("it is alive with no key and no upstream", .proves("HL-03"))
    func alive() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            try await daemon.mock.stopListening()
            let reply = try await daemon.caller(key: nil).get("/liveness")
            #expect(reply.status == 200)
            #expect(reply.json?["status"]?.text == "alive")
            #expect(try await daemon.probe("/readiness") == 200)
        }
    }

    @Test("a thousand probes need no credential and never go upstream", .proves("HL-04"))
    func cheap() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let nobody = daemon.caller(key: nil)
            let paths = ["/health", "/readiness", "/liveness", "/health"]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for path in paths {
                    group.addTask {
                        let wire = try await nobody.wire()
                        for _ in 0..<250 {
                            #expect(try await nobody.send("GET", path, on: wire).status == 200)
                        }
                        await wire.close()
                    }
                }
                try await group.waitForAll()
            }
            #expect(daemon.mock.requests.isEmpty)
            #expect(daemon.mock.connections == 0)
            let head = try await nobody.send("HEAD", "/health")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
        }
    }

    @Test("the root says what this is and where to go", .proves("HL-05"))
    func root() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let reply = try await daemon.caller(key: nil).get("/")
            #expect(reply.status == 200)
            #expect(reply.value("content-type")?.hasPrefix("application/json") == true)
            let body = try #require(reply.json)
            #expect(body["name"]?.text == "ork")
            #expect(body["version"]?.text?.isEmpty == false)
            #expect(body["status"]?.text == "healthy")
            for path in ["/v1/*", "/openrouter/*", "/health", "/readiness", "/liveness"] {
                #expect(body["endpoints"]?[path]?.text?.isEmpty == false, "\(path)")
            }
            #expect(body["documentation"]?["api"]?.text?.hasPrefix("https://") == true)
        }
    }
}

extension DaemonFixture {
    fileprivate var database: String { stateDirectory + "/orkd.db" }

    fileprivate func probe(_ path: String) async throws -> Int {
        try await caller(key: nil).get(path).status
    }

    /// The word that `orkctl health` prints, and its exit status.
    fileprivate func health() async throws -> (String, Int32) {
        let ran = try await orkctl("health", "-o", "json")
        return (ran.json?["item"]?["status"]?.text ?? ran.stdout, ran.status)
    }

    /// The answer is at most a second old.
    fileprivate func expectHealth(_ word: String, _ status: Int) async throws {
        try await eventually("/health says \(word)", within: .seconds(5)) {
            let reply = try await caller(key: nil).get("/health")
            return reply.json?["status"]?.text == word && reply.status == status
        }
    }
}
