import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("clients")
struct ClientsServiceTests {
    let fixture: ServiceFixture
    var clients: ClientsService { fixture.clients }

    init() throws { fixture = try ServiceFixture() }

    func add(_ name: String, expires: String? = nil, environment: String? = nil) async throws
        -> ClientView
    {
        var request = ClientAdd(name: name)
        request.expires = expires
        request.environment = environment
        let item = try await clients.add(request, .real).items.first?.item
        return try #require(item)
    }

    func code(_ body: () async throws -> Void) async -> ErrorCode? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? CodedError)?.code
        }
    }

    @Test("a key is issued once, with its environment in front, and works at once [CK-02] [CK-19]")
    func issue() async throws {
        for environment in ["live", "test", "staging", "dev"] {
            let view = try await add("c-\(environment)", environment: environment)
            let secret = try #require(view.secret)
            #expect(secret.hasPrefix("gw_\(environment)_"))
            #expect(fixture.table[secret]?.name == "c-\(environment)")
            #expect(!view.masked.contains(secret.dropFirst(12)))
        }
        let listed = try await clients.list(ClientQuery())
        #expect(listed.items.count == 4)
        #expect(listed.items.allSatisfy { $0.secret == nil })
        #expect(await code { _ = try await add("x", environment: "prod") } == .badValue)
    }

    @Test("neither the database nor the audit trail holds an issued key [CK-09]")
    func hashedAtRest() async throws {
        let secret = try #require(try await add("web").secret)
        let texts = try await fixture.store.read { db in
            var texts: [String] = []
            for table in ["client", "client_digest_grace", "audit"] {
                for row in try Row.fetchAll(db, sql: "SELECT * FROM \(table)") {
                    texts += row.databaseValues.map { "\($0)" }
                }
            }
            return texts
        }
        #expect(!texts.isEmpty)
        #expect(!texts.contains { $0.contains(secret) || $0.contains(secret.dropFirst(8).prefix(20)) })
    }

    @Test("an existing name is a conflict that says how the settings differ")
    func conflict() async throws {
        _ = try await add("web")
        for (environment, words) in [("live", "same settings"), ("test", "environment live")] {
            do {
                _ = try await add("web", environment: environment)
                Issue.record("added twice")
            } catch let error as CodedError {
                #expect(error.code == .clientExists)
                #expect(error.message.contains(words), "\(error.message)")
                #expect(error.hints.contains { $0.contains("orkctl clients rotate web") })
            }
        }
    }

    @Test("a dry run shows no key, keeps nothing and tells the data path nothing")
    func dryRun() async throws {
        let tried = try await clients.add(ClientAdd(name: "web"), .trial)
        #expect(tried.items.first?.item.secret == nil)
        #expect(tried.items.first?.outcome == "added")
        #expect(try await clients.list(ClientQuery()).items.isEmpty)
        _ = try await add("web")
        _ = try await clients.remove(Selection("web"), .trial)
        #expect(fixture.table.entries.count == 1)
        #expect(try await fixture.audit() == ["clients.add web"])
    }

    @Test("disable and enable reach the data path, and a repetition changes nothing [CK-04] [CK-05]")
    func switching() async throws {
        let secret = try #require(try await add("web").secret)
        let off = try await clients.disable(Selection("web", reason: "leaked"), .real)
        #expect(off.items.first?.item.disabledReason == "leaked")
        #expect(off.items.first?.item.state == "disabled")
        #expect(fixture.table[secret]?.enabled == false)
        let again = try await clients.disable(Selection("web"), .real)
        #expect(again.items.first?.changed == false)
        #expect(again.items.first?.outcome == "unchanged")
        #expect(again.items.first?.item.disabledReason == "leaked")
        let on = try await clients.enable(Selection("web"), .real)
        #expect(on.items.first?.item.disabledReason == nil)
        #expect(fixture.table[secret]?.enabled == true)
        #expect(
            try await fixture.audit() == ["clients.add web", "clients.disable web", "clients.enable web"])
    }

    @Test("set changes only what is named, none clears, and a lost version changes nothing")
    func set() async throws {
        let before = try await add("web", expires: "90d")
        var request = ClientSet(select: ["web"])
        request.permissions = ["models.list", "passthrough"]
        request.tags = ["team": "core"]
        request.note = .value("for the shop")
        let after = try #require(try await clients.set(request, .real).items.first)
        #expect(after.outcome == "changed")
        #expect(after.item.permissions == ["catalogue", "passthrough"])
        #expect(after.item.expiresAt == before.expiresAt)
        #expect(after.item.version == before.version + 1)
        #expect(try await clients.set(request, .real).items.first?.changed == false)

        var clearing = ClientSet(select: ["web"])
        clearing.expires = Clearable.none
        clearing.tags = ["team": nil]
        clearing.note = Clearable.none
        clearing.ifVersion = 1
        #expect(await code { _ = try await clients.set(clearing, .real) } == .versionLost)
        clearing.ifVersion = 2
        let cleared = try #require(try await clients.set(clearing, .real).items.first?.item)
        #expect(cleared.expiresAt == nil)
        #expect(cleared.tags.isEmpty)
        #expect(cleared.note == nil)
    }

    @Test("a new name must be free and fits one client only")
    func rename() async throws {
        _ = try await add("web")
        _ = try await add("shop")
        var request = ClientSet(select: ["web"])
        request.name = "shop"
        #expect(await code { _ = try await clients.set(request, .real) } == .clientExists)
        request.select = ["*"]
        #expect(await code { _ = try await clients.set(request, .real) } == .badValue)
        request = ClientSet(select: ["web"])
        request.name = "front"
        #expect(try await clients.set(request, .real).items.first?.item.name == "front")
        #expect(fixture.table.entries.values.map(\.name).sorted() == ["front", "shop"])
    }

    @Test("rotation stops the old key at once, keeps name, id and settings [CK-27]")
    func rotate() async throws {
        let before = try await add("web", expires: "90d")
        let after = try #require(
            try await clients.rotate(ClientRotate(select: ["web"]), .real).items.first?.item)
        #expect(fixture.table[before.secret ?? ""] == nil)
        #expect(fixture.table[after.secret ?? ""]?.id == before.id)
        #expect(after.expiresAt == before.expiresAt)
        #expect(after.fingerprint != before.fingerprint)
    }

    @Test("an old key works until its grace or its client ends, and a rotation without grace ends them all")
    func grace() async throws {
        let first = try #require(try await add("web", expires: "10d").secret)
        var request = ClientRotate(select: ["web"])
        request.grace = "24h"
        let second = try #require(try await clients.rotate(request, .real).items.first?.item.secret)
        let now = fixture.clock.now.wall
        #expect(fixture.table[first]?.expiresAt == now.advanced(byMilliseconds: 86_400_000))
        #expect(fixture.table[second]?.expiresAt == now.advanced(byMilliseconds: 10 * 86_400_000))

        var shorter = ClientSet(select: ["web"])
        shorter.expires = .value("1h")
        _ = try await clients.set(shorter, .real)
        #expect(fixture.table[first]?.expiresAt == now.advanced(byMilliseconds: 3_600_000))
        _ = try await clients.disable(Selection("web"), .real)
        #expect(fixture.table[first]?.enabled == false)
        #expect(try await clients.loadTable() == fixture.table.entries)

        let third = try #require(
            try await clients.rotate(ClientRotate(select: ["web"]), .real).items.first?.item.secret)
        #expect(fixture.table[first] == nil)
        #expect(fixture.table[second] == nil)
        #expect(fixture.table[third] != nil)
        #expect(try await clients.loadTable() == fixture.table.entries)
    }

    @Test("a key whose grace is over is not loaded, and cleaning takes it out of the tables")
    func graceOver() async throws {
        let first = try #require(try await add("web").secret)
        var request = ClientRotate(select: ["web"])
        request.grace = "1h"
        _ = try await clients.rotate(request, .real)
        fixture.clock.advance(milliseconds: 3_600_000)
        #expect(try await clients.loadTable().count == 1)
        #expect(try await clients.removeExpiredGraces(dryRun: true) == 1)
        #expect(fixture.table[first] != nil)
        #expect(try await clients.removeExpiredGraces(dryRun: false) == 1)
        #expect(fixture.table[first] == nil)
        #expect(try await clients.removeExpiredGraces(dryRun: false) == 0)
    }

    @Test("removal takes all keys of the client away, leaves its name behind, and is not found again [CK-06]")
    func remove() async throws {
        let view = try await add("web")
        var request = ClientRotate(select: ["web"])
        request.grace = "24h"
        _ = try await clients.rotate(request, .real)
        #expect(try await clients.remove(Selection("web"), .real).items.first?.outcome == "removed")
        #expect(fixture.table.entries.isEmpty)
        #expect(await code { _ = try await clients.remove(Selection("web"), .real) } == .clientNotFound)
        #expect(try await clients.remove(Selection("web", ifExists: true), .real).items.isEmpty)
        let names = try await fixture.store.read { try Tombstones.names(.client, [view.id.raw], $0) }
        #expect(names == [view.id.raw: "web"])
    }

    @Test("clients are found by name, id, fingerprint, unique beginning and glob; removal takes no beginning")
    func selectors() async throws {
        let web = try await add("web-front")
        let shop = try await add("shop")
        _ = try await add("web-back")
        func names(_ select: String...) async throws -> [String] {
            try await clients.list(ClientQuery(select: select)).items.map(\.name)
        }
        #expect(try await names("shop") == ["shop"])
        #expect(try await names(String(web.id.raw)) == ["web-front"])
        #expect(try await names(shop.fingerprint) == ["shop"])
        #expect(try await names("sha256:" + shop.fingerprint) == ["shop"])
        #expect(try await names("sh") == ["shop"])
        #expect(try await names("web-*", "shop", "sh*") == ["shop", "web-back", "web-front"])
        #expect(try await names("nothing*").isEmpty)
        #expect(await code { _ = try await names("web-") } == .badValue)
        #expect(await code { _ = try await names("nobody") } == .clientNotFound)
        #expect(await code { _ = try await clients.remove(Selection("sh"), .real) } == .clientNotFound)
    }

    @Test("a refusal never repeats something that looks like a key")
    func noSecretInMessages() async throws {
        let secret = try #require(try await add("web").secret)
        for text in [secret, "sk-or-v1-0123456789abcdef"] {
            do {
                _ = try await clients.disable(Selection(text), .real)
                Issue.record("found")
            } catch let error as CodedError {
                #expect(error.code == .clientNotFound)
                #expect(!error.message.contains(text))
            }
            #expect(await code { _ = try await add(text) } == .badValue)
        }
    }

    @Test("values that cannot be are refused by name of the field")
    func badValues() async throws {
        for name in ["", " ", "a b", "-x", "12", "a*", "ü", String(repeating: "n", count: 65)] {
            #expect(await code { _ = try await add(name) } == .badValue, "\(name)")
        }
        for expires in ["0s", "-1d", "yesterday", "2001-01-01T00:00:00Z", ""] {
            #expect(await code { _ = try await add("x", expires: expires) } == .badValue, "\(expires)")
        }
        var request = ClientAdd(name: "x")
        request.permissions = ["root"]
        #expect(await code { _ = try await clients.add(request, .real) } == .badValue)
        #expect(try await fixture.audit().isEmpty)
    }

    @Test("prune removes what expired long enough ago, and stops before it removes too much")
    func prune() async throws {
        for i in 0..<30 { _ = try await add("short-\(i)", expires: "1d") }
        for i in 0..<20 { _ = try await add("long-\(i)") }
        var rule = Prune()
        #expect(await code { _ = try await clients.prune(rule, .real) } == .badValue)
        rule.expired = true
        rule.olderThan = "7d"
        fixture.clock.advance(days: 7)
        #expect(try await clients.prune(rule, .real).items.isEmpty)
        fixture.clock.advance(days: 1)
        #expect(await code { _ = try await clients.prune(rule, .real) } == .tooMany)
        rule.max = "29"
        #expect(await code { _ = try await clients.prune(rule, .real) } == .tooMany)
        rule.max = "30"
        #expect(try await clients.prune(rule, .trial).items.count == 30)
        #expect(try await clients.prune(rule, .real).items.count == 30)
        #expect(try await clients.prune(rule, .real).items.isEmpty)
        #expect(try await clients.tally().total == 20)
    }

    @Test("the data path hears of changes in the order of their commits, however slow it is with one")
    func publishedInCommitOrder() async throws {
        let secret = try #require(try await add("web").secret)
        let table = fixture.table
        let clock = fixture.clock
        // Takes the news that a client is disabled in only after everybody else had every chance to go on.
        let slow = ClientsService(
            fixture.store, clock: { clock.now },
            changed: { deltas in
                let isSlow = deltas.contains {
                    if case .put(_, let entry) = $0 { !entry.enabled } else { false }
                }
                if isSlow { for _ in 0..<20_000 { await Task.yield() } }
                table.apply(deltas)
            })
        async let disabled = slow.disable(Selection("web"), .real)
        // Tried until it finds the client disabled.
        while try await slow.enable(Selection("web"), .real).items.first?.changed == false {
            await Task.yield()
        }
        _ = try await disabled
        #expect(table[secret]?.enabled == true)
        #expect(try await slow.loadTable() == table.entries)
    }
}
