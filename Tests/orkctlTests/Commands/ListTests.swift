import Foundation
import ORKit
import Testing

@Suite("lists and shows")
struct ListTests {
    static let formats = ["table", "wide", "json", "jsonl", "csv", "tsv", "name"]

    @Test("keys list prints every format as recorded [KP-04]", arguments: formats)
    func keys(format: String) throws {
        let body = Samples.list("ork.keys/1", [Samples.key, Samples.restingKey])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/keys", body: body)])
        let ran = try orkctl("keys", "list", "-o", format, daemon: daemon)
        #expect(ran.code == 0 && ran.err.isEmpty)
        try expectGolden(ran.out, "keys-list.\(format)")
        #expect(daemon.complaints.isEmpty)
    }

    @Test("keys show prints every format as recorded [KP-16]", arguments: formats)
    func keyShow(format: String) throws {
        let body = Samples.list("ork.keys/1", [Samples.restingKey])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/keys", body: body)])
        let ran = try orkctl("keys", "show", "main-2", "-o", format, daemon: daemon)
        #expect(ran.code == 0)
        try expectGolden(ran.out, "keys-show.\(format)")
        #expect(daemon.calls.first?.line == "GET /v1/keys?select=main-2&limit=1000")
    }

    @Test("clients list prints every format as recorded [CK-30]", arguments: formats)
    func clients(format: String) throws {
        let body = Samples.list("ork.clients/1", [Samples.client])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/clients", body: body)])
        let ran = try orkctl("clients", "list", "-o", format, daemon: daemon)
        #expect(ran.code == 0)
        try expectGolden(ran.out, "clients-list.\(format)")
    }

    @Test("clients show prints every field [CK-30]")
    func clientShow() throws {
        let body = Samples.list("ork.clients/1", [Samples.client])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/clients", body: body)])
        try expectGolden(orkctl("clients", "show", "billing-batch", daemon: daemon).out, "clients-show.table")
    }

    @Test("clients show prints what binds a client [CK-30]")
    func boundClientShow() throws {
        let body = Samples.list("ork.clients/1", [Samples.boundClient])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/clients", body: body)])
        try expectGolden(
            orkctl("clients", "show", "billing-batch", daemon: daemon).out, "clients-show-bound.table")
    }

    @Test("users list prints every format as recorded [US-08]", arguments: formats)
    func users(format: String) throws {
        let body = Samples.list("ork.users/1", [Samples.user, Samples.disabledUser])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/users", body: body)])
        let ran = try orkctl("users", "list", "-o", format, daemon: daemon)
        #expect(ran.code == 0)
        try expectGolden(ran.out, "users-list.\(format)")
    }

    @Test("users show prints every field [US-08]")
    func userShow() throws {
        let body = Samples.list("ork.users/1", [Samples.user])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/users", body: body)])
        try expectGolden(orkctl("users", "show", "alice", daemon: daemon).out, "users-show.table")
    }

    @Test("accounts list prints every format as recorded", arguments: formats)
    func accounts(format: String) throws {
        var account = Samples.account
        (account.members, account.shared) = (nil, nil)
        let body = Samples.list("ork.accounts/1", [account, Samples.nobodysKeys])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/accounts", body: body)])
        let ran = try orkctl("accounts", "list", "-o", format, daemon: daemon)
        #expect(ran.code == 0)
        try expectGolden(ran.out, "accounts-list.\(format)")
    }

    @Test("accounts show prints the keys and what proved each rest", arguments: ["table", "json"])
    func accountShow(format: String) throws {
        let body = Samples.list("ork.accounts/1", [Samples.account])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/accounts", body: body)])
        let ran = try orkctl("accounts", "show", "core", "-o", format, daemon: daemon)
        #expect(ran.code == 0)
        try expectGolden(ran.out, "accounts-show.\(format)")
        #expect(daemon.calls.first?.line == "GET /v1/accounts?select=core&limit=1000")
    }

    @Test("quota list prints every format as recorded", arguments: formats)
    func quotas(format: String) throws {
        let body = Samples.list("ork.quotas/1", [Samples.quota, Samples.noQuota])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/quotas", body: body)])
        let ran = try orkctl("quota", "list", "-o", format, daemon: daemon)
        #expect(ran.code == 0)
        try expectGolden(ran.out, "quota-list.\(format)")
    }

    @Test("limits show prints what is used of each", arguments: ["table", "json", "csv"])
    func limitsShow(format: String) throws {
        let body = Samples.list("ork.limits/1", [Samples.limits])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/limits", body: body)])
        let ran = try orkctl("limits", "show", "billing-batch", "-o", format, daemon: daemon)
        #expect(ran.code == 0 && ran.err.isEmpty)
        try expectGolden(ran.out, "limits-show.\(format)")
        #expect(daemon.calls.first?.line == "GET /v1/limits?select=billing-batch&limit=1000")
    }

    @Test("budgets list prints what is spent of each", arguments: formats)
    func budgets(format: String) throws {
        let body = Samples.list("ork.budgets/1", Samples.budgets)
        let daemon = try FakeDaemon([.init(expect: "GET /v1/budgets", body: body)])
        let ran = try orkctl("budgets", "list", "-o", format, daemon: daemon)
        #expect(ran.code == 0 && ran.err.isEmpty)
        try expectGolden(ran.out, "budgets-list.\(format)")
    }

    @Test("budgets show prints all of one", arguments: ["table", "json"])
    func budgetsShow(format: String) throws {
        let body = Samples.list("ork.budgets/1", Array(Samples.budgets.prefix(1)))
        let daemon = try FakeDaemon([.init(expect: "GET /v1/budgets", body: body)])
        let ran = try orkctl("budgets", "show", "user:alice/month", "-o", format, daemon: daemon)
        #expect(ran.code == 0 && ran.err.isEmpty)
        try expectGolden(ran.out, "budgets-show.\(format)")
        #expect(daemon.calls.first?.line == "GET /v1/budgets?select=user%3Aalice%2Fmonth&limit=1000")
    }

    @Test("quota show prints what was counted, foreseen and told", arguments: ["table", "json"])
    func quotaShow(format: String) throws {
        let body = Samples.list("ork.quotas/1", [Samples.quota])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/quotas", body: body)])
        let ran = try orkctl("quota", "show", "main-1", "-o", format, daemon: daemon)
        #expect(ran.code == 0)
        try expectGolden(ran.out, "quota-show.\(format)")
        #expect(daemon.calls.first?.line == "GET /v1/quotas?select=main-1&limit=1000")
    }

    @Test("models list prints every format as recorded", arguments: formats)
    func models(format: String) throws {
        let body = Samples.list("ork.models/1", Samples.models)
        let daemon = try FakeDaemon([.init(expect: "GET /v1/models", body: body)])
        let ran = try orkctl("models", "list", "v/*", "--free", "-o", format, daemon: daemon)
        #expect(ran.code == 0)
        try expectGolden(ran.out, "models-list.\(format)")
        #expect(daemon.calls.first?.line.hasPrefix("GET /v1/models?match=v%2F%2A&free=true&limit=") == true)
    }

    @Test("models show, providers and cache print everything that is known", arguments: ["table", "json"])
    func modelShow(format: String) throws {
        let daemon = try FakeDaemon([
            .init(expect: "GET /v1/models", body: Samples.list("ork.models/1", Samples.models)),
            .init(
                expect: "GET /v1/models/providers",
                body: Samples.list("ork.models.providers/1", [Samples.modelProvider])),
            .init(
                expect: "GET /v1/models/cache", body: Samples.item("ork.models.cache/1", Samples.modelCache)),
        ])
        try expectGolden(
            orkctl("models", "show", "v/m-1", "-o", format, daemon: daemon).out, "models-show.\(format)")
        #expect(daemon.calls.first?.line == "GET /v1/models?select=v%2Fm-1&limit=1000")
        try expectGolden(
            orkctl("models", "providers", "-o", format, daemon: daemon).out, "models-providers.\(format)")
        try expectGolden(
            orkctl("models", "cache", "-o", format, daemon: daemon).out, "models-cache.\(format)")
    }

    @Test("audit prints every format as recorded [EN-07]", arguments: formats)
    func audit(format: String) throws {
        let body = Samples.list("ork.audit/1", Samples.changes)
        let daemon = try FakeDaemon([.init(expect: "GET /v1/audit", body: body)])
        let ran = try orkctl(
            "audit", "--actor", "root", "--action", "keys.*", "--target", "main-1", "-o", format,
            daemon: daemon)
        #expect(ran.code == 0 && ran.err.isEmpty)
        try expectGolden(ran.out, "audit.\(format)")
        #expect(
            daemon.calls.first?.line == "GET /v1/audit?actor=0&action=keys.%2A&target=main-1&limit=50")
    }

    @Test("requests list prints every format as recorded", arguments: formats)
    func requests(format: String) throws {
        let body = Samples.list("ork.requests/1", [Samples.request, Samples.refusedRequest])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/requests", body: body)])
        let ran = try orkctl("requests", "list", "-o", format, daemon: daemon)
        #expect(ran.code == 0)
        try expectGolden(ran.out, "requests-list.\(format)")
    }

    @Test("requests show prints the request and its attempts", arguments: ["table", "json"])
    func requestShow(format: String) throws {
        let body = Samples.item("ork.request/1", Samples.request)
        let daemon = try FakeDaemon([.init(expect: "GET /v1/requests/1jq3k9x2m0a0r", body: body)])
        try expectGolden(
            orkctl("requests", "show", "1jq3k9x2m0a0r", "-o", format, daemon: daemon).out,
            "requests-show.\(format)")
    }

    @Test("keys history prints the transitions", arguments: ["table", "json", "csv"])
    func history(format: String) throws {
        let step = KeyTransition(
            at: "2020-02-03T04:05:06Z", from: "usable", to: "resting", trigger: "429-body-reset",
            evidence: "X-RateLimit-Reset", until: "2099-01-01T00:00:00Z", request: "1jq3k9x2m0a0r")
        let body = Samples.list("ork.history/1", [step])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/keys/history", body: body)])
        try expectGolden(
            orkctl("keys", "history", "main-2", "-o", format, daemon: daemon).out, "keys-history.\(format)")
        #expect(daemon.calls.first?.line.hasPrefix("GET /v1/keys/history?key=main-2") == true)
    }

    @Test("config show prints value, source and whether it can change", arguments: ["table", "json"])
    func settings(format: String) throws {
        let body = Samples.list(
            "ork.settings/1",
            [
                SettingView(name: "pool.strategy", value: "sticky", source: "stored", changeable: true),
                SettingView(
                    name: "proxy.listen", value: "127.0.0.1:8080", source: "default", changeable: false),
            ])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/config", body: body)])
        try expectGolden(orkctl("config", "show", "-o", format, daemon: daemon).out, "config-show.\(format)")
    }

    @Test("a list is fetched page by page until its end, and to its limit only")
    func pages() throws {
        let first = Samples.list("ork.keys/1", [Samples.key], next: "c1")
        let second = Samples.list("ork.keys/1", [Samples.restingKey])
        let both = try FakeDaemon([
            .init(expect: "GET /v1/keys", body: first), .init(expect: "GET /v1/keys", body: second),
        ])
        #expect(try orkctl("keys", "list", "-q", daemon: both).out == "main-1\nmain-2\n")
        #expect(both.calls.last?.line == "GET /v1/keys?limit=1000&cursor=c1")

        let one = try FakeDaemon([.init(expect: "GET /v1/keys", body: first)])
        #expect(try orkctl("keys", "list", "--limit", "1", "-o", "name", daemon: one).out == "main-1\n")
        #expect(one.calls.map(\.line) == ["GET /v1/keys?limit=1"])
    }

    @Test("the same cursor twice ends the list")
    func stuckCursor() throws {
        let page = Samples.list("ork.keys/1", [Samples.key], next: "c")
        let daemon = try FakeDaemon([
            .init(expect: "GET /v1/keys", body: page), .init(expect: "GET /v1/keys", body: page),
        ])
        #expect(try orkctl("keys", "list", "-q", daemon: daemon).code == 0)
        #expect(daemon.complaints.isEmpty)
    }

    @Test("filters, sorting and columns apply to what came")
    func options() throws {
        let body = Samples.list("ork.keys/1", [Samples.key, Samples.restingKey])
        func list(_ more: String...) throws -> Ran {
            let daemon = try FakeDaemon([.init(expect: "GET /v1/keys", body: body)])
            return try orkctl(["keys", "list"] + more, daemon: daemon)
        }
        #expect(try list("--sort", "-name", "-q").out == "main-2\nmain-1\n")
        #expect(try list("--sort", "spent", "-o", "name").out == "main-2\nmain-1\n")
        #expect(try list("--filter", "state=resting", "-q").out == "main-2\n")
        #expect(try list("--filter", "name~main-*", "--filter", "state!=resting", "-q").out == "main-1\n")
        #expect(
            try list("--filter", "name=main-1", "--filter", "name=main-2", "-q").out == "main-1\nmain-2\n")
        #expect(try list("--columns", "name,inflight", "--no-header").out == "main-1  31\nmain-2   0\n")
        let unknown = try orkctl("keys", "list", "--columns", "naem")
        #expect(unknown.code == 64 && unknown.err.contains("did you mean:   name"))
    }

    @Test("what the daemon can filter is asked of the daemon")
    func query() throws {
        let daemon = try FakeDaemon([
            .init(expect: "GET /v1/keys", body: Samples.list("ork.keys/1", [Samples.key]))
        ])
        _ = try orkctl(
            "keys", "list", "main-*", "--state", "resting", "--state", "broken", "--tag", "team=a b",
            "--provider",
            "openrouter", daemon: daemon)
        #expect(
            daemon.calls.first?.line
                == "GET /v1/keys?state=resting&state=broken&provider=openrouter&tag=team%3Da%20b&name=main-%2A&limit=1000"
        )
        #expect(daemon.calls.first?.headers["orkd-api"] == "1")
        #expect(daemon.calls.first?.headers["host"] == "orkd")
    }

    @Test("relative times become absolute ones before they are sent")
    func times() throws {
        let body = Samples.list("ork.requests/1", [Samples.request])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/requests", body: body)])
        _ = try orkctl(
            "requests", "list", "--since", "-15m", "--until", "2026-11-21 14:00", "--failed", daemon: daemon)
        let line = daemon.calls.first?.line ?? ""
        #expect(line.contains("since=20") && !line.contains("-15m"))
        #expect(line.contains("until=2026-11-21T14%3A00%3A00Z") && line.contains("failed=true"))
        #expect(line.hasSuffix("limit=50"))
    }

    @Test("an empty list prints nothing, and says so on stderr")
    func empty() throws {
        let body = Samples.list("ork.keys/1", [KeyView]())
        let daemon = try FakeDaemon([.init(expect: "GET /v1/keys", body: body)])
        let ran = try orkctl("keys", "list", daemon: daemon)
        #expect(ran.out.isEmpty && ran.err == "no keys\n" && ran.code == 0)
    }

    @Test("a reader that leaves ends the list without a word")
    func brokenPipe() throws {
        var rows: [KeyView] = []
        for number in 0..<3000 {
            var key = Samples.key
            key.name = "key-\(number)"
            rows.append(key)
        }
        let daemon = try FakeDaemon([.init(expect: "GET /v1/keys", body: Samples.list("ork.keys/1", rows))])
        let file = try TemporaryDirectory.file("")
        let child = try spawn(
            ["/bin/sh", "-c", "'\(Program.path)' keys list -o json 2>'\(file)' | head -1"],
            environment: ["ORKD_SOCKET": daemon.socket],
            streams: [.file("/dev/null", 0), .file("/dev/null", 1), .file("/dev/null", 1)])
        #expect(try wait(for: child) == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8).isEmpty)
    }
}
