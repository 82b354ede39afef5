import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// What models there are and what they cost, from the upstream's own list.
@Suite("Models and their prices") struct ModelsTests {
    @discardableResult
    private func run(_ line: String, _ daemon: DaemonFixture, exit: Int32 = 0) async throws -> Program.Ran {
        let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init))
        #expect(ran.status == exit, "\(line): \(ran.stderr)")
        return ran
    }

    /// How often the upstream was asked for its list.
    private func asked(_ daemon: DaemonFixture) -> Int {
        daemon.mock.requests.count { $0.path.hasSuffix("/v1/models") }
    }

    /// Nothing was ever sent that could be charged.
    private func isOnlyAsked(_ daemon: DaemonFixture) -> Bool {
        daemon.mock.requests.allSatisfy { $0.method == "GET" && $0.path.hasSuffix("/v1/models") }
    }

    private func cache(_ daemon: DaemonFixture) async throws -> JSON {
        try #require(try await run("models cache -o json", daemon).json?["item"])
    }

    /// One model at these prices.
    private func list(_ id: String, prompt: String = "0.000001", completion: String = "0.000002") -> Act {
        .json([
            "data": [
                [
                    "id": .string(id), "name": .string(id), "context_length": 1000,
                    "pricing": ["prompt": .string(prompt), "completion": .string(completion)],
                ]
            ]
        ])
    }

    @Test(
        "anybody may read the list: the upstream's models with prices and context, asked for once",
        .proves("MD-01", "MD-03", "MD-06"))
    func published() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let nobody = daemon.caller(key: nil)
            #expect(asked(daemon) == 0)
            let reply = try await nobody.get("/models")
            let body = try #require(reply.json)
            #expect(reply.status == 200 && body["status"]?.text == "success")
            let models = try #require(body["models"]?.elements)
            #expect(Set(models.compactMap { $0["id"]?.text }) == Set(MockModel.usual.map(\.id)))
            #expect(body["total_models"]?.integer == Int64(MockModel.usual.count))
            #expect(body["timestamp"]?.text?.hasSuffix("Z") == true && body["stale"]?.isTrue == false)
            let model = try #require(models.first { $0["id"]?.text == "openai/gpt-4o-mini" })
            #expect(model["context_length"]?.integer == 128_000 && model["provider"]?.text == "openai")
            #expect(model["pricing"]?["prompt"]?.text == "0.00000015")
            #expect(model["pricing"]?["completion"]?.text == "0.0000006")
            for _ in 0..<3 { #expect(try await nobody.get("/models").status == 200) }
            #expect(try await nobody.send("HEAD", "/models").status == 200)
            #expect(asked(daemon) == 1 && isOnlyAsked(daemon))
            let root = try #require(try await nobody.get("/").json?["endpoints"])
            #expect(root["/models"]?.text?.contains("prices") == true && root["/models/providers"] != nil)
            // The proxied list is the upstream's own, and for callers with a key.
            #expect(try await nobody.get("/v1/models").status == 401)
            #expect(try await daemon.caller.get("/v1/models").json?["data"]?.elements?.count == models.count)
        }
    }

    @Test("providers follow from the ids, and their counts add up to the whole", .proves("MD-02"))
    func providers() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let body = try #require(try await daemon.caller(key: nil).get("/models/providers").json)
            #expect(body["status"]?.text == "success" && body["total_providers"]?.integer == 3)
            #expect(body["total_models"]?.integer == 5 && body["pricing_available"]?.integer == 5)
            #expect(body["suggested_models"]?.integer == 5)
            var sum: Int64 = 0
            for (name, count) in [("openai", Int64(2)), ("anthropic", 1), ("deepseek", 2)] {
                let provider = try #require(body["providers"]?[name])
                #expect(provider["name"]?.text == name && provider["model_count"]?.integer == count)
                #expect(provider["suggested_models"]?.integer == count)
                sum += count
            }
            #expect(body["total_models"]?.integer == sum)
            let rows = try await run("models providers -o json", daemon).items
            #expect(rows.map { $0["name"]?.text } == ["anthropic", "deepseek", "openai"])
            #expect(rows[1]["free"]?.integer == 1 && rows[1]["cheapest"]?.text == "deepseek/deepseek-r1-0528")
            #expect(rows[2]["largest"]?.text == "openai/gpt-4o-mini")
            #expect(rows[2]["largest_context"]?.integer == 128_000)
        }
    }

    @Test(
        "models list shows prices for a million tokens, filtered and sorted; show tells everything",
        .proves("MD-06"))
    func listed() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let free = try await run("models list --provider deepseek --free -o json", daemon).items
            #expect(free.map { $0["id"]?.text } == ["deepseek/deepseek-chat:free"])
            #expect(free.first?["prices"]?["prompt"]?.text == "0.00")
            let table = try await run("models list openai/* --sort -context", daemon).stdout
            let lines = table.split(separator: "\n")
            #expect(lines.count == 3 && lines[0].contains("PROMPT") && lines[1].contains("128 000"))
            #expect(lines[1].contains("openai/gpt-4o-mini") && lines[1].contains("$0.15"))
            #expect(lines[1].contains("$0.60"))
            // A route to a model is the model; a variant is another one.
            let shown = try await run("models show openai/gpt-4o-mini:nitro", daemon).stdout
            #expect(shown.contains("openai/gpt-4o-mini") && shown.contains("$0.15"))
            let unknown = try await run("models show openai/gpt-4o-mini:free -o json", daemon, exit: 4)
            #expect(unknown.failure?["code"]?.text == "model-not-found")
            #expect(asked(daemon) == 1)
        }
    }

    @Test("refresh asks the upstream once, with a key that may be used, and says what came", .proves("MD-04"))
    func refreshed() async throws {
        try await withDaemon(DaemonOptions(keys: ["off", "bad", "good"])) {
            (daemon: DaemonFixture) async throws in
            try await run("keys disable off", daemon)
            daemon.mock.script(.key(daemon.secret("bad")), .status(401))
            let ran = try await run("models refresh", daemon)
            #expect(ran.stdout == "5 models, refreshed\n")
            let keys = daemon.mock.requests.map { daemon.keyName(of: $0) }
            #expect(keys == ["bad", "good"] && asked(daemon) == 2)
            #expect(try await run("models refresh", daemon).stdout == "5 models, unchanged\n")
            daemon.mock.script(.path("/models"), list("v/new"))
            #expect(
                try await run("models refresh --dry-run", daemon).stdout.hasSuffix("nothing was changed\n"))
            #expect(try await cache(daemon)["models"]?.integer == 5)
            daemon.mock.script(.path("/models"), list("v/new"))
            let changed = try await run("models refresh -o json", daemon).items.first
            #expect(changed?["changed"]?.isTrue == true && changed?["item"]?["models"]?.integer == 1)
            #expect(try await run("models list -o name", daemon).stdout == "v/new\n")
            #expect(isOnlyAsked(daemon))
            let audit = try await run("events --filter kind=audit -o json", daemon).items
            #expect(audit.count { $0["event"]?.text == "models.refresh" } == 3)
        }
    }

    @Test("what is no list of models changes nothing, and says so", .proves("MD-04"))
    func hostile() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await run("models refresh", daemon)
            for act in [
                Act.json([]), .json(["data": []]), .json(["data": [7, ["id": ""]]]), .html(200), .status(500),
            ] {
                daemon.mock.script(.path("/models"), act)
                let ran = try await run("models refresh -o json", daemon, exit: 1)
                #expect(ran.failure?["code"]?.text == "upstream-error")
                #expect(try await cache(daemon)["failure"]?.text?.contains("GET /models") == true)
            }
            #expect(try await cache(daemon)["models"]?.integer == 5)
            // Elements that cannot be read are left out; the others count.
            daemon.mock.script(
                .path("/models"), .json(["data": [7, ["id": "v/m"], ["name": "x"], ["id": "v/m"]]]))
            try await run("models refresh", daemon)
            let state = try await cache(daemon)
            #expect(state["models"]?.integer == 1 && state["unread"]?.integer == 3 && state["failure"] == nil)
            let row = try await run("models list -o json", daemon).items.first
            #expect(row?["id"]?.text == "v/m" && row?["prices"]?["prompt"] == nil)
            let published = try await daemon.caller(key: nil).get("/models").json?["models"]?.elements?.first
            #expect(published?["pricing"]?["prompt"]?.text == "-1")
        }
    }

    @Test(
        "the list is asked for again when it is old; while the upstream is away the old one is served and marked",
        .proves("MD-03", "MD-05"))
    func stale() async throws {
        var options = DaemonOptions(keys: ["a"])
        options.set("upstream", "models_every = \"1s\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            // Nobody asks for it.
            try await eventually("it is asked for again") { asked(daemon) >= 2 }
            #expect(try await cache(daemon)["ttl_seconds"]?.integer == 1)
            #expect(try await cache(daemon)["has_data"]?.isTrue == true)
            try await daemon.mock.stopListening()
            daemon.mock.closeConnections()
            try await eventually("it is old") { try await cache(daemon)["valid"]?.isTrue == false }
            let state = try await cache(daemon)
            #expect(state["models"]?.integer == 5 && state["failure"]?.text?.isEmpty == false)
            #expect(state["age_seconds"]?.integer ?? 0 >= 1)
            // And it outlives a kill.
            try await daemon.kill9()
            try await daemon.start()
            try await eventually("it is published, and marked") {
                let body = try await daemon.caller(key: nil).get("/models").json
                return body?["total_models"]?.integer == 5 && body?["stale"]?.isTrue == true
            }
            #expect(try await run("models list -o json", daemon).items.count == 5)
            let refused = try await run("models refresh -o json", daemon, exit: 1)
            #expect(refused.failure?["code"]?.text == "upstream-unreachable")
            try await daemon.mock.listenAgain()
            try await run("models refresh", daemon)
            #expect(try await cache(daemon)["valid"]?.isTrue == true)
        }
    }

    @Test("a dry run tells what a request would cost, and it then costs that", .proves("CO-02"))
    func foretold() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let line = "explain --dry-run --model openai/gpt-4o-mini -o json --prompt-tokens"
            // Nothing is known yet, and nobody is asked.
            #expect(try await run("\(line) 30", daemon).json?["item"]?["cost"] == nil && asked(daemon) == 0)
            try await run("models refresh", daemon)
            daemon.mock.script(.everything, .ok(usage: (30, 12)))
            let cost = try #require(
                try await run("\(line) 30 --completion-tokens 12", daemon).json?["item"]?["cost"])
            #expect(cost["currency"]?.text == "USD" && cost["confidence"]?.text == "high")
            #expect(cost["input_tokens"]?.integer == 30 && cost["output_tokens"]?.integer == 12)
            #expect(cost["amount"]?.text == "0.0000117" && cost["most"]?.text == "0.0000117")
            let id = try #require(try await daemon.caller.chat().value("ork-request"))
            let request = try await run("requests show \(id) -o json", daemon).json?["item"]
            #expect(request?["usage"]?["cost"]?.text == cost["amount"]?.text)
            // Without a bound of its own, an answer can be as long as the model allows.
            let open = try #require(try await run("\(line) 30", daemon).json?["item"]?["cost"])
            #expect(open["confidence"]?.text == "low" && open["output_tokens"]?.integer == 128_000)
            let told = try await run(
                "explain --dry-run --model openai/gpt-4o-mini --prompt-tokens 30 --completion-tokens 12",
                daemon)
            #expect(told.stdout.contains("would cost $0.0000117  30 tokens in, 12 out; at most $0.0000117"))
            try await run("explain --dry-run --prompt-tokens 30", daemon, exit: 64)
        }
    }

    @Test(
        "prices come from the list, or from the configuration for as long as it states them",
        .proves("CO-03"))
    func overridden() async throws {
        func options(_ prices: String) -> DaemonOptions {
            var options = DaemonOptions()
            options.set("upstream", "prices = [\(prices)]")
            return options
        }
        let own = options("\"openai/gpt-4o-mini=1/2.5\", \"no/such=1/1\"")
        try await withDaemon(own) { (daemon: DaemonFixture) async throws in
            func shown() async throws -> JSON {
                try #require(try await run("models show openai/gpt-4o-mini -o json", daemon).items.first)
            }
            try await run("models refresh", daemon)
            let rows = try await run("models list -o json", daemon).items
            #expect(rows.count { $0["overridden"]?.isTrue == true } == 1)
            #expect(rows.count == MockModel.usual.count)
            #expect(try await shown()["prices"]?["prompt"]?.text == "1.00")
            #expect(try await shown()["prices"]?["completion"]?.text == "2.50")
            #expect(try await run("models show openai/gpt-4o-mini", daemon).stdout.contains("overridden"))
            // 30 millionths, and twelve times two and a half.
            daemon.mock.script(.everything, .ok(usage: (30, 12)))
            let id = try #require(try await daemon.caller.chat().value("ork-request"))
            let request = try await run("requests show \(id) -o json", daemon).json?["item"]
            #expect(request?["cost"]?["estimate"]?.text == "0.00006")
            #expect(request?["cost"]?["prices_are_overridden"]?.isTrue == true)
            // What the upstream states stays what it is.
            #expect(request?["usage"]?["cost"]?.text == "0.0000117")
            let dry = "explain --dry-run --model openai/gpt-4o-mini -o json --prompt-tokens 30"
            let cost = try await run("\(dry) --completion-tokens 12", daemon).json?["item"]?["cost"]
            #expect(cost?["amount"]?.text == "0.00006" && cost?["most"]?.text == "0.00006")
            // What means nothing is told with its line, and changes nothing.
            try daemon.writeConfiguration(options("\"openai/gpt-4o-mini=cheap/2\""))
            let lines = try String(contentsOfFile: daemon.configFile, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false)
            let line = try #require(lines.firstIndex { $0.hasPrefix("prices") }) + 1
            let check = try await daemon.orkctl("config", "check", daemon.configFile, "-o", "json")
            #expect(check.status == 2 && check.items.first?["line"]?.integer == Int64(line))
            try await daemon.reload()
            #expect(try await shown()["prices"]?["prompt"]?.text == "1.00")
            // Without a restart, and without asking the upstream again.
            try daemon.writeConfiguration(options("\"openai/gpt-4o-mini=3/4\""))
            try await daemon.reload()
            #expect(try await shown()["prices"]?["prompt"]?.text == "3.00")
            try daemon.writeConfiguration(DaemonOptions())
            try await daemon.reload()
            #expect(try await shown()["prices"]?["prompt"]?.text == "0.15")
            #expect(try await shown()["overridden"]?.isTrue == false && asked(daemon) == 1)
        }
    }

    @Test("where they are switched off there are no public lists; without a key in the pool there is no list")
    func switchedOff() async throws {
        var options = DaemonOptions(keys: [])
        options.set("proxy", "public_models = false")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let nobody = daemon.caller(key: nil)
            for path in ["/models", "/models/providers"] {
                #expect(try await nobody.get(path).errorCode == "path-unknown")
            }
            #expect(try await nobody.get("/").json?["endpoints"]?["/models"] == nil)
            let ran = try await run("models list -o json", daemon, exit: 1)
            #expect(ran.failure?["code"]?.text == "no-upstream-key" && asked(daemon) == 0)
            #expect(try await cache(daemon)["has_data"]?.isTrue == false)
        }
    }
}
