import MockUpstream
import ORKTestSupport
import Testing

@Suite("Metrics for Prometheus") struct MetricsTests {
    /// The text format 0.0.4, read strictly.
    private struct Exposition {
        var types: [String: String] = [:]
        /// `name{labels}` → value.
        var samples: [String: Double] = [:]
        var faults: [String] = []

        init(_ text: String) {
            var current = ""
            for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                if let match = line.wholeMatch(of: /# HELP ([a-z_]+) ([A-Z1].+\.)/) {
                    current = String(match.1)
                } else if let match = line.wholeMatch(of: /# TYPE ([a-z_]+) (counter|gauge|histogram)/) {
                    if match.1 != current || types[current] != nil { faults.append(String(line)) }
                    types[current] = String(match.2)
                } else if let match = line.wholeMatch(
                    of: /(([a-z_]+)(?:\{[a-z_]+="[^"\\\n]*"(?:,[a-z_]+="[^"\\\n]*")*\})?) (-?[0-9.e+-]+)/)
                {
                    let isOwn =
                        match.2 == current || types[current] == "histogram" && match.2.hasPrefix(current)
                    let isNew = samples.updateValue(Double(match.3) ?? .nan, forKey: String(match.1)) == nil
                    if !isOwn || !isNew { faults.append(String(line)) }
                } else {
                    faults.append(String(line))
                }
            }
            if !text.hasSuffix("\n") { faults.append("no line feed at the end") }
        }

        /// Without those that come with a first refusal or condition.
        var names: Set<String> {
            Set(samples.keys.filter { !$0.hasPrefix("ork_refusals") && !$0.hasPrefix("ork_condition{") })
        }
    }

    private func read(_ daemon: DaemonFixture, as key: String?) async throws -> Exposition {
        let reply = try await daemon.caller(key: key).get("/metrics")
        #expect(reply.status == 200)
        #expect(reply.value("content-type") == "text/plain; version=0.0.4; charset=utf-8")
        return Exposition(reply.text)
    }

    private func admin(_ daemon: DaemonFixture) async throws -> String {
        try await daemon.addClient("watcher", with: [.init("permissions", ["admin"])])
    }

    @Test(
        "they are well formed, and what they count agrees with what was asked and with status",
        .proves("LG-13"))
    func numbers() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let key = try await admin(daemon)
            for _ in 0..<3 { #expect(try await daemon.caller.chat().status == 200) }
            #expect(try await daemon.caller.chat(stream: true).complete)
            daemon.mock.script(.everything, .refuse(.badModel))
            #expect(try await daemon.caller.chat().status == 400)
            #expect(try await daemon.caller(key: nil).chat().status == 401)
            #expect(try await daemon.caller.get("/nosuch").status == 404)
            let found = try await read(daemon, as: key)
            #expect(found.faults == [])
            let samples = found.samples
            #expect(samples[#"ork_proxied_requests_total{end="complete"}"#] == 5)
            #expect(samples[#"ork_proxied_answers_total{class="2xx"}"#] == 4)
            #expect(samples[#"ork_proxied_answers_total{class="4xx"}"#] == 1)
            #expect(samples[#"ork_refusals_total{code="credential-missing"}"#] == 1)
            #expect(samples[#"ork_attempts_total{cause="ok"}"#] == 4)
            #expect(samples[#"ork_attempts_total{cause="bad-request"}"#] == 1)
            #expect(samples["ork_request_duration_seconds_count"] == 5)
            #expect(samples[#"ork_request_duration_seconds_bucket{le="+Inf"}"#] == 5)
            #expect(samples["ork_first_byte_seconds_sum"] ?? 0 > 0)
            #expect(samples[#"ork_keys{state="usable"}"#] == 1)
            #expect(samples[#"ork_tokens_total{kind="completion"}"#] ?? 0 > 0)
            #expect(samples["ork_upstream_cost_dollars_total"] ?? 0 > 0)
            #expect(samples["process_resident_memory_bytes"] ?? 0 > 1_000_000)
            let traffic = try await daemon.control("GET", "/v1/status").json?["item"]?["traffic"]
            #expect(samples["ork_requests_total"] == traffic?["requests"]?.integer.map(Double.init))
            #expect(samples["ork_requests_failed_total"] == traffic?["failed"]?.integer.map(Double.init))
        }
    }

    @Test("the labels stay the same few whatever callers send, and none names a key, a client or a model")
    func bounded() async throws {
        try await withDaemon(DaemonOptions(keys: ["secretive", "b"])) {
            (daemon: DaemonFixture) async throws in
            let key = try await admin(daemon)
            #expect(try await daemon.caller.chat().status == 200)
            let before = try await read(daemon, as: key)
            for number in 0..<50 {
                try await daemon.addKey("another-\(number)")
                #expect(try await daemon.caller.chat(model: "vendor/model-\(number)").status == 200)
                #expect(try await daemon.caller.get("/v1/models/vendor/model-\(number)").status < 500)
                _ = try await daemon.caller(key: "gw_live_stranger\(number)").get("/path-\(number)")
            }
            let reply = try await daemon.caller(key: key).get("/metrics")
            #expect(Exposition(reply.text).names == before.names)
            for word in ["secretive", "another-", "vendor", "watcher", "test", "path-", "stranger"] {
                #expect(!reply.text.contains(word), "\(word)")
            }
        }
    }

    @Test("they take a client key with the admin permission", .proves("LG-13"))
    func access() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller(key: nil).get("/metrics").status == 401)
            #expect(try await daemon.caller(key: "gw_live_nobody").get("/metrics").status == 401)
            #expect(try await daemon.caller.get("/metrics").status == 403)
            #expect(try await daemon.caller.get("/metrics").errorCode == "path-not-permitted")
            #expect(try await read(daemon, as: try await admin(daemon)).faults == [])
            #expect(try await daemon.caller.get("/").text.contains("/metrics"))
            // Also while nothing else is served.
            _ = try await daemon.orkctl("daemon", "drain")
            let key = try await daemon.addClient("second", with: [.init("permissions", ["admin"])])
            #expect(try await read(daemon, as: key).samples["ork_draining"] == 1)
        }
    }

    @Test("they can be switched off or opened", .proves("LG-13"), arguments: [("off", 404), ("open", 200)])
    func switched(_ word: String, _ status: Int) async throws {
        var options = DaemonOptions()
        options.set("proxy", "metrics = \"\(word)\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            for key in [nil, try await admin(daemon)] {
                #expect(try await daemon.caller(key: key).get("/metrics").status == status)
            }
            #expect(try await daemon.caller.get("/").text.contains("/metrics") == (status == 200))
        }
    }
}
