import HTTPTypes
import Hummingbird
import NIOCore
import ORKit
import Testing

@testable import orkd

@Suite("control endpoints")
struct ControlEndpointsTests {
    /// Route, query, body → what the service is asked, schema of the answer.
    struct Case: Sendable, CustomTestStringConvertible {
        var route: Route
        var query = ""
        var body = ""
        var asked: String
        var schema: String
        var testDescription: String { route.rawValue + query }
    }

    static let cases: [Case] = [
        Case(
            route: .keysList,
            query:
                "?select=a&select=b&state=resting&provider=openrouter&tag=team%3Dcore&name=m*&sort=-spent&limit=5&cursor=c",
            asked: #"keys.list ["a", "b"] ["resting"] openrouter ["team=core"] m* -spent 5 c"#,
            schema: "ork.keys/1"),
        Case(
            route: .keysAdd, body: #"{"name":"a","secret":"s"}"#, asked: "keys.add a",
            schema: "ork.keys.change/1"),
        Case(
            route: .keysAdd, query: "?dry_run=true", body: #"{"name":"a","secret":"s"}"#,
            asked: "keys.add a dry",
            schema: "ork.keys.change/1"),
        Case(route: .keysSet, body: selection, asked: #"keys.set ["a"]"#, schema: "ork.keys.change/1"),
        Case(route: .keysEnable, body: selection, asked: #"keys.enable ["a"]"#, schema: "ork.keys.change/1"),
        Case(
            route: .keysDisable, body: selection, asked: #"keys.disable ["a"]"#, schema: "ork.keys.change/1"),
        Case(route: .keysUndo, body: selection, asked: #"keys.undo ["a"]"#, schema: "ork.keys.change/1"),
        Case(
            route: .keysSetState, body: #"{"select":["a"],"state":"invalid"}"#,
            asked: #"keys.set-state ["a"] invalid"#, schema: "ork.keys.change/1"),
        Case(route: .keysReset, body: selection, asked: #"keys.reset ["a"]"#, schema: "ork.keys.change/1"),
        Case(route: .keysTest, body: selection, asked: #"keys.test ["a"]"#, schema: "ork.keys.test/1"),
        Case(
            route: .keysRotate, body: #"{"select":["a"],"secret":"s"}"#, asked: #"keys.rotate ["a"]"#,
            schema: "ork.keys.change/1"),
        Case(route: .keysRemove, body: selection, asked: #"keys.remove ["a"]"#, schema: "ork.keys.change/1"),
        Case(route: .keysPrune, body: #"{"max":"64"}"#, asked: "keys.prune 64", schema: "ork.keys.change/1"),
        Case(
            route: .keysExport, body: #"{"select":["a"],"secrets":true}"#, asked: #"keys.export ["a"] true"#,
            schema: "ork.keys.export/1"),
        Case(
            route: .keysHistory, query: "?key=main-1", asked: "keys.history main-1", schema: "ork.history/1"),
        Case(
            route: .clientsList, query: "?select=a&environment=test&state=expired&user=u",
            asked: #"clients.list ["a"] test ["expired"] u"#, schema: "ork.clients/1"),
        Case(
            route: .clientsAdd, body: #"{"name":"ci"}"#, asked: "clients.add ci",
            schema: "ork.clients.change/1"),
        Case(
            route: .clientsSet, body: selection, asked: #"clients.set ["a"]"#, schema: "ork.clients.change/1"),
        Case(
            route: .clientsEnable, body: selection, asked: #"clients.enable ["a"]"#,
            schema: "ork.clients.change/1"),
        Case(
            route: .clientsDisable, body: selection, asked: #"clients.disable ["a"]"#,
            schema: "ork.clients.change/1"),
        Case(
            route: .clientsRotate, body: selection, asked: #"clients.rotate ["a"]"#,
            schema: "ork.clients.change/1"),
        Case(
            route: .clientsRemove, body: selection, asked: #"clients.remove ["a"]"#,
            schema: "ork.clients.change/1"),
        Case(
            route: .clientsPrune, body: #"{"expired":true}"#, asked: "clients.prune -",
            schema: "ork.clients.change/1"),
        Case(
            route: .audit, query: "?actor=orkd&action=keys.*&target=a&since=2026-01-02T03:04:05Z&limit=7",
            asked: "audit 2026-01-02T03:04:05Z orkd keys.* a 7", schema: "ork.audit/1"),
        Case(
            route: .usage, query: "?by=model&since=2026-01-02T03:04:05Z",
            asked: "usage model 2026-01-02T03:04:05Z -", schema: "ork.usage/1"),
        Case(
            route: .reconciliation, query: "?select=a&window=weekly&tolerance=5&least=0.5",
            asked: #"reconcile ["a"] weekly 5 0.50"#, schema: "ork.reconciliation/1"),
        Case(
            route: .budgetsList, query: "?select=all/day", asked: #"budgets.list ["all/day"]"#,
            schema: "ork.budgets/1"),
        Case(
            route: .budgetsSet,
            body: #"{"budgets":["all/day"],"limit":"5","time_zone":"UTC","hard":true,"warn_at":[50]}"#,
            asked: #"budgets.set ["all/day"] 5 UTC true [50]"#, schema: "ork.budgets.change/1"),
        Case(
            route: .budgetsRemove, body: selection, asked: #"budgets.remove ["a"]"#,
            schema: "ork.budgets.change/1"),
        Case(
            route: .creditsList, query: "?select=a", asked: #"credits.list ["a"]"#, schema: "ork.credits/1"),
        Case(
            route: .creditsMove, query: "?dry_run=true", body: #"{"user":"a","credits":5,"deduct":true}"#,
            asked: "credits.move a 5 true dry", schema: "ork.credits.change/1"),
        Case(
            route: .creditsRefund, body: #"{"movement":3}"#, asked: "credits.refund 3",
            schema: "ork.credits.change/1"),
        Case(
            route: .creditsHistory, query: "?user=a&limit=5&cursor=c", asked: "credits.history a 5 c",
            schema: "ork.credits.history/1"),
        Case(
            route: .usersList, query: "?select=a&limit=5&cursor=c", asked: #"users.list ["a"] 5 c"#,
            schema: "ork.users/1"),
        Case(
            route: .usersAdd, body: #"{"name":"a"}"#, asked: "users.add a", schema: "ork.users.change/1"),
        Case(route: .usersSet, body: selection, asked: #"users.set ["a"]"#, schema: "ork.users.change/1"),
        Case(
            route: .usersEnable, body: selection, asked: #"users.enable ["a"]"#, schema: "ork.users.change/1"),
        Case(
            route: .usersDisable, body: selection, asked: #"users.disable ["a"]"#,
            schema: "ork.users.change/1"),
        Case(
            route: .usersRemove, body: selection, asked: #"users.remove ["a"]"#, schema: "ork.users.change/1"),
        Case(route: .poolsList, query: "?select=a", asked: #"pools.list ["a"]"#, schema: "ork.pools/1"),
        Case(
            route: .explain, query: "?client=web&model=v/m&session=s", asked: "explain web v/m - s",
            schema: "ork.explain/1"),
        Case(
            route: .poolsAdd, body: #"{"name":"a"}"#, asked: "pools.add a", schema: "ork.pools.change/1"),
        Case(
            route: .poolsSet, body: #"{"pool":"a"}"#, asked: "pools.set a", schema: "ork.pools.change/1"),
        Case(
            route: .poolsRemove, body: selection, asked: #"pools.remove ["a"]"#,
            schema: "ork.pools.change/1"),
        Case(
            route: .accountsList, query: "?select=a&limit=5&cursor=c", asked: #"accounts.list ["a"] 5 c"#,
            schema: "ork.accounts/1"),
        Case(
            route: .accountsSet, body: #"{"account":"a","note":"none"}"#, asked: "accounts.set a",
            schema: "ork.accounts.change/1"),
        Case(
            route: .quotasList, query: "?select=a&limit=5&cursor=c", asked: #"quotas.list ["a"] 5 c"#,
            schema: "ork.quotas/1"),
        Case(
            route: .quotasSet, body: #"{"select":["a"],"requests":5,"tokens":"none","window":"daily"}"#,
            asked: #"quotas.set ["a"] 5 none daily"#, schema: "ork.quotas.change/1"),
        Case(
            route: .quotasClear, body: selection, asked: #"quotas.clear ["a"]"#,
            schema: "ork.quotas.change/1"),
        Case(
            route: .quotasRefresh, body: selection, asked: #"quotas.refresh ["a"]"#,
            schema: "ork.quotas.change/1"),
        Case(
            route: .modelsList,
            query: "?select=v/m&match=v/*&provider=v&free=true&sort=-context&limit=5&cursor=7",
            asked: #"models.list ["v/m"] v/* v true -context 5 7"#, schema: "ork.models/1"),
        Case(route: .modelsList, asked: "models.list [] - - false - 0 -", schema: "ork.models/1"),
        Case(route: .modelsProviders, asked: "models.providers", schema: "ork.models.providers/1"),
        Case(route: .modelsCache, asked: "models.cache", schema: "ork.models.cache/1"),
        Case(
            route: .modelsRefresh, query: "?dry_run=true", asked: "models.refresh dry",
            schema: "ork.models.change/1"),
        Case(
            route: .limitsList, query: "?select=a&limit=5", asked: #"limits.list ["a"]"#,
            schema: "ork.limits/1"),
        Case(
            route: .limitsSet,
            body: #"{"select":["a"],"requests_per_minute":5,"tokens_per_day":"none","shadow":true}"#,
            asked: #"limits.set ["a"] ["requests_per_minute=5", "tokens_per_day=0"] true"#,
            schema: "ork.limits.change/1"),
        Case(
            route: .limitsClear, body: selection, asked: #"limits.clear ["a"]"#,
            schema: "ork.limits.change/1"),
        Case(
            route: .requestsList, query: "?since=1970-01-01T00:00:01Z&code=draining&failed=true",
            asked: "requests.list 1000 draining true", schema: "ork.requests/1"),
        Case(
            route: .cleanup, query: "?class=audit&dry_run=true", asked: #"cleanup ["audit"] dry"#,
            schema: "ork.cleanup/1"),
        Case(route: .health, asked: "health", schema: "ork.health/1"),
        Case(route: .version, asked: "version", schema: "ork.version/1"),
        Case(route: .configShow, asked: "settings", schema: "ork.settings/1"),
        Case(route: .configCheck, body: "[proxy]\n", asked: "config.check 8", schema: "ork.findings/1"),
        Case(
            route: .configSet, body: #"{"strategy":"lru"}"#, asked: "config.set lru",
            schema: "ork.settings.change/1"),
        Case(route: .daemonDrain, asked: "drain", schema: "ork.drain/1"),
        Case(route: .daemonResume, asked: "resume", schema: "ork.drain/1"),
    ]
    private static let selection = #"{"select":["a"]}"#

    @Test("each route asks its service once and answers under its schema", arguments: cases)
    func routes(example: Case) async throws {
        struct Envelope: Decodable { var schema: String }
        let services = FakeServices()
        let answer = try await ask(example.route, example.query, example.body, services)
        #expect(answer.status == 200)
        #expect(services.asked == [example.asked])
        #expect(try answer.json(Envelope.self).schema == example.schema)
    }

    @Test("an unknown query parameter is refused by name on every route", arguments: Route.allCases)
    func unknownParameter(route: Route) async throws {
        let services = FakeServices()
        let answer = try await ask(route, "?frob=1", #"{"select":["a"]}"#, services)
        #expect(answer.status == ErrorCode.unknownField.entry.status)
        let error = try answer.json(ErrorBody.self).error
        #expect(error.code == .unknownField)
        #expect(error.message.contains("frob"))
        #expect(services.asked.isEmpty)
    }

    @Test(
        "an unknown body field changes nothing",
        arguments: [
            Route.keysAdd, .keysSet, .keysEnable, .keysDisable, .keysReset, .keysUndo, .keysSetState,
            .keysTest, .keysRotate, .keysRemove,
            .keysPrune, .keysExport, .clientsAdd, .clientsSet, .clientsEnable, .clientsDisable,
            .clientsRotate,
            .clientsRemove,
            .clientsPrune, .usersAdd, .usersSet, .usersEnable, .usersDisable, .usersRemove, .poolsAdd,
            .poolsSet, .poolsRemove, .accountsSet, .quotasSet, .quotasClear,
            .quotasRefresh, .limitsSet, .limitsClear, .configSet,
        ])
    func unknownField(route: Route) async throws {
        let services = FakeServices()
        let answer = try await ask(route, "", #"{"name":"a","select":["a"],"secret":"s","frob":1}"#, services)
        #expect(answer.status == ErrorCode.unknownField.entry.status)
        #expect(services.asked.isEmpty)
    }

    @Test("a body that is not JSON, or too long, is refused")
    func bodies() async throws {
        let services = FakeServices()
        #expect(try await ask(.keysAdd, "", "{", services).json(ErrorBody.self).error.code == .badBody)
        #expect(try await ask(.keysAdd, "", "", services).json(ErrorBody.self).error.code == .badBody)
        let long = #"{"name":""# + String(repeating: "a", count: 1 << 20) + #""}"#
        let answer = try await ask(.keysAdd, "", long, services)
        #expect(answer.status == ErrorCode.bodyTooLarge.entry.status)
        #expect(services.asked.isEmpty)
    }

    @Test("a list passes its next page and total on")
    func paging() async throws {
        struct Envelope: Decodable {
            var next: String?
            var total: Int?
        }
        let page = try await ask(.keysList, "", "", FakeServices()).json(Envelope.self)
        #expect(page.next == "more")
        #expect(page.total == 7)
    }

    @Test("what was added new is 201, a repetition 200, a dry run 200")
    func created() throws {
        func status(_ outcome: String, changed: Bool, dryRun: Bool) throws -> Int {
            let change = Change(item: "a", changed: changed, outcome: outcome)
            let order = Order(actor: Actor(uid: 0, gid: 0, pid: 1, role: .admin), dryRun: dryRun)
            return try Response.change("test/1", Changes(items: [change]), order, made: "added").status.code
        }
        #expect(try status("added", changed: true, dryRun: false) == 201)
        #expect(try status("unchanged", changed: false, dryRun: false) == 200)
        #expect(try status("added", changed: true, dryRun: true) == 200)
    }

    @Test("a request that cannot exist is not found without asking")
    func requestID() async throws {
        let services = FakeServices()
        let wrong = try await control(services).ask("GET", "/v1/requests/nonsense")
        #expect(try wrong.json(ErrorBody.self).error.code == .requestNotFound)
        #expect(services.asked.isEmpty)
        _ = try await control(services).ask("GET", "/v1/requests/01hzy0000000a")
        #expect(services.asked == ["requests.show 01hzy0000000a"])
    }

    private func ask(
        _ route: Route, _ query: String, _ body: String, _ services: FakeServices
    ) async throws -> CollectingSink {
        try await control(services).ask(
            route.method, route.path.replacing("{id}", with: "01hzy0000000a") + query,
            fields: [("Host", "orkd"), ("Orkd-API", "1")],
            body: body.isEmpty ? [] : [ByteBuffer(string: body)])
    }
}
