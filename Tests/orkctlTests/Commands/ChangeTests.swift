import Foundation
import ORKit
import Testing

@Suite("changes")
struct ChangeTests {
    @Test("keys add sends the secret of stdin and shows its mask [KP-01] [KP-03]")
    func add() throws {
        let body = Samples.change("ork.keys.change/1", Samples.key, "added")
        let daemon = try FakeDaemon([.init(expect: "POST /v1/keys", body: body)])
        let ran = try orkctl(
            "keys", "add", "main-1", "--account", "core", "--tag", "team=core", "--meta", "tier=pro",
            "--provider",
            "anthropic", "--weight", "3", "--no-check", daemon: daemon, input: Samples.keySecret + "\n")
        #expect(ran.code == 0 && ran.out == "added main-1   sk-or-v1-…9c41   usable\n")
        #expect(
            daemon.calls.first?.body
                == #"{"account":"core","check":false,"metadata":{"tier":"pro"},"name":"main-1","provider":"anthropic","#
                + #""secret":"\#(Samples.keySecret)","tags":{"team":"core"},"weight":3}"#)
        #expect(!(ran.out + ran.err).contains(Samples.keySecret))
    }

    @Test("a key without a name is named for its last characters [KP-03]")
    func addUnnamed() throws {
        let body = Samples.change("ork.keys.change/1", Samples.key, "added")
        let daemon = try FakeDaemon([.init(expect: "POST /v1/keys", body: body)])
        #expect(try orkctl("keys", "add", "-", daemon: daemon, input: Samples.keySecret).code == 0)
        #expect(daemon.calls.first?.body.contains(#""name":"key-cdef""#) == true)
    }

    @Test("a secret comes from a file or a credential as well")
    func sources() throws {
        let body = Samples.change("ork.keys.change/1", Samples.key, "added")
        let file = try TemporaryDirectory.file(Samples.keySecret + "\r\n", named: "cred")
        let first = try FakeDaemon([.init(expect: "POST /v1/keys", body: body)])
        #expect(try orkctl("keys", "add", "a", "--from-file", file, daemon: first).code == 0)
        let second = try FakeDaemon([.init(expect: "POST /v1/keys", body: body)])
        let directory = (file as NSString).deletingLastPathComponent
        let ran = try orkctl(
            "keys", "add", "a", "--from-credential", "cred", daemon: second,
            environment: ["CREDENTIALS_DIRECTORY": directory])
        #expect(ran.code == 0)
        for daemon in [first, second] {
            #expect(daemon.calls.first?.body.contains(#""secret":"\#(Samples.keySecret)""#) == true)
        }
    }

    @Test(
        "a bad secret is refused before the daemon is asked, and never repeated",
        arguments: [
            ("", "empty"), ("\n", "empty"), ("sk-or v1-secretsecretsecret", "white space"),
            ("sk-\u{1}secretsecretsecret", "printable"), (String(repeating: "k", count: 70_000), "64 KiB"),
        ])
    func badSecret(input: String, word: String) throws {
        let daemon = try FakeDaemon()
        let ran = try orkctl("keys", "add", "a", daemon: daemon, input: input)
        #expect(ran.code == 65 && ran.err.contains(word) && ran.err.contains("[bad-format]"))
        #expect(!ran.err.contains("secretsecret") && daemon.complaints.isEmpty)
    }

    @Test("a change that found nothing to do says unchanged and exits 0")
    func unchanged() throws {
        let body = Samples.change("ork.keys.change/1", Samples.key, "unchanged", changed: false)
        func daemon() throws -> FakeDaemon {
            try FakeDaemon([.init(expect: "POST /v1/keys/enable", body: body)])
        }
        let ran = try orkctl("keys", "enable", "main-1", daemon: daemon())
        #expect(ran.code == 0 && ran.out == "main-1 unchanged\n")
        let quiet = try orkctl("-q", "keys", "enable", "main-1", daemon: daemon())
        #expect(quiet.code == 0 && quiet.out.isEmpty && quiet.err.isEmpty)
        let json = try orkctl("keys", "enable", "main-1", "-o", "json", daemon: daemon())
        #expect(
            json.out.contains(#""changed" : false"#) && json.out.contains(#""schema" : "ork.keys.change/1""#))
    }

    @Test(
        "every verb of a selection makes its one call [SH-03]",
        arguments: [
            (["keys", "enable", "a"], "POST /v1/keys/enable", #"{"select":["a"]}"#),
            (
                ["keys", "disable", "a", "b", "--reason", "leaked"], "POST /v1/keys/disable",
                #"{"reason":"leaked","select":["a","b"]}"#
            ),
            (
                ["keys", "set-state", "a", "b", "invalid", "--reason", "dead", "--if-version", "7"],
                "POST /v1/keys/set-state",
                #"{"if_version":7,"reason":"dead","select":["a","b"],"state":"invalid"}"#
            ),
            (["keys", "reset", "a"], "POST /v1/keys/reset", #"{"select":["a"]}"#),
            (
                ["keys", "rm", "a", "--if-exists", "-y"], "POST /v1/keys/remove",
                #"{"if_exists":true,"select":["a"]}"#
            ),
            (
                ["keys", "prune", "--state", "invalid", "--older-than", "30d", "--max", "64", "-y"],
                "POST /v1/keys/prune",
                #"{"max":"64","older_than":"30d","states":["invalid"]}"#
            ),
            (
                [
                    "keys", "set", "a", "--account", "none", "--weight", "2", "--tag", "t=none",
                    "--if-version", "7",
                ], "PATCH /v1/keys",
                #"{"account":"none","if_version":7,"select":["a"],"tags":{"t":null},"weight":2}"#
            ),
        ])
    func verbs(arguments: [String], call: String, body: String) throws {
        let answer = Samples.change("ork.keys.change/1", Samples.restingKey, "done")
        let daemon = try FakeDaemon([.init(expect: call, body: answer)])
        let ran = try orkctl(arguments, daemon: daemon)
        #expect(ran.code == 0 && ran.out == "main-2 done\n")
        #expect(daemon.calls.map(\.line) == [call] && daemon.calls.first?.body == body)
    }

    @Test(
        "every verb of clients makes its one call [SH-05] [CK-30]",
        arguments: [
            (["clients", "enable", "a"], "POST /v1/clients/enable", #"{"select":["a"]}"#),
            (
                ["clients", "disable", "a", "--reason", "x"], "POST /v1/clients/disable",
                #"{"reason":"x","select":["a"]}"#
            ),
            (["clients", "remove", "a", "--yes"], "POST /v1/clients/remove", #"{"select":["a"]}"#),
            (
                ["clients", "prune", "--expired", "--older-than", "7d", "--yes"], "POST /v1/clients/prune",
                #"{"expired":true,"older_than":"7d"}"#
            ),
            (
                [
                    "clients", "set", "a", "--permission", "inference,passthrough", "--expires", "none",
                    "--note", "n",
                ],
                "PATCH /v1/clients",
                #"{"expires":"none","note":"n","permissions":["inference","passthrough"],"select":["a"]}"#
            ),
        ])
    func clientVerbs(arguments: [String], call: String, body: String) throws {
        let answer = Samples.change("ork.clients.change/1", Samples.client, "done")
        let daemon = try FakeDaemon([.init(expect: call, body: answer)])
        let ran = try orkctl(arguments, daemon: daemon)
        #expect(ran.code == 0 && ran.out == "billing-batch done\n")
        #expect(daemon.calls.map(\.line) == [call] && daemon.calls.first?.body == body)
    }

    @Test("a dry run is the daemon's, and says that nothing was changed")
    func dryRun() throws {
        let body = Samples.change("ork.keys.change/1", Samples.key, "removed", dryRun: true)
        let daemon = try FakeDaemon([.init(expect: "POST /v1/keys/remove", body: body)])
        let ran = try orkctl("keys", "remove", "main-1", "-n", daemon: daemon)
        #expect(ran.code == 0 && ran.out == "main-1 removed\nnothing was changed\n")
        #expect(daemon.calls.first?.line == "POST /v1/keys/remove?dry_run=true")
    }

    @Test("a warning of the daemon goes to stderr with its code")
    func warning() throws {
        let remark = Remark(code: .keyUnchecked, message: "openrouter.ai could not be asked")
        let body = Samples.change("ork.keys.change/1", Samples.key, "added", warnings: [remark])
        let daemon = try FakeDaemon([.init(expect: "POST /v1/keys", body: body)])
        let ran = try orkctl("keys", "add", "main-1", daemon: daemon, input: Samples.keySecret)
        #expect(ran.code == 0)
        #expect(
            ran.err.hasPrefix(
                "orkctl: keys add: warning: openrouter.ai could not be asked   [key-unchecked]\n"))
    }

    @Test("keys test exits 2 when a key is not valid [KP-18]")
    func test() throws {
        var good = KeyTest(name: "main-1", result: "valid")
        good.limit = "100.00"
        good.limitRemaining = "87.41"
        good.latency = 38
        let bad = KeyTest(name: "old-1", result: "rejected")
        func run(_ tests: [KeyTest]) throws -> Ran {
            let body = Samples.list("ork.keys.test/1", tests)
            return try orkctl(
                "keys", "test", "*", daemon: FakeDaemon([.init(expect: "POST /v1/keys/test", body: body)]))
        }
        #expect(try run([good]).code == 0)
        let both = try run([good, bad])
        #expect(both.code == 2)
        try expectGolden(both.out, "keys-test.table")
    }

    @Test("keys rotate sends the new secret and keeps the name [KP-13]")
    func rotate() throws {
        let body = Samples.change("ork.keys.change/1", Samples.key, "rotated")
        let daemon = try FakeDaemon([.init(expect: "POST /v1/keys/rotate", body: body)])
        let ran = try orkctl("keys", "rotate", "main-1", "--yes", daemon: daemon, input: Samples.keySecret)
        #expect(ran.code == 0 && ran.out == "main-1 uses sk-or-v1-…9c41 since now; usable\n")
        #expect(daemon.calls.first?.body == #"{"secret":"\#(Samples.keySecret)","select":["main-1"]}"#)
    }

    @Test("cleanup prints every class with its count")
    func cleanup() throws {
        let report = CleanupReport(classes: ["expired-rests": 3, "request-records": 0], dryRun: true)
        let body = Samples.item("ork.cleanup/1", report)
        let daemon = try FakeDaemon([.init(expect: "POST /v1/cleanup", body: body)])
        let ran = try orkctl("cleanup", "--class", "expired-rests", "--dry-run", daemon: daemon)
        #expect(daemon.calls.first?.line == "POST /v1/cleanup?class=expired-rests&dry_run=true")
        try expectGolden(ran.out, "cleanup.table")
    }

    @Test("config set strategy and config check")
    func config() throws {
        let setting = SettingView(name: "pool.strategy", value: "lru", source: "stored", changeable: true)
        let change = Samples.change("ork.settings.change/1", setting, "changed")
        let first = try FakeDaemon([.init(expect: "PATCH /v1/config", body: change)])
        #expect(try orkctl("config", "set", "strategy", "lru", daemon: first).out == "pool.strategy is lru\n")
        #expect(first.calls.first?.body == #"{"strategy":"lru"}"#)

        let finding = ConfigFinding(
            line: 3, column: 1, message: "unknown setting “listn”", hint: "did you mean listen")
        let invalid = Samples.list("ork.findings/1", [finding])
        let second = try FakeDaemon([.init(expect: "POST /v1/config/check", body: invalid)])
        let ran = try orkctl("config", "check", "-", daemon: second, input: "[proxy]\nlistn = 1\n")
        #expect(ran.code == 2 && ran.out == "-:3:1: unknown setting “listn”\n  hint: did you mean listen\n")
        #expect(second.calls.first?.body == "[proxy]\nlistn = 1\n")

        let valid = Samples.list("ork.findings/1", [ConfigFinding]())
        let third = try FakeDaemon([.init(expect: "POST /v1/config/check", body: valid)])
        #expect(try orkctl("config", "check", "-", daemon: third).out == "valid\n")
    }

    @Test("daemon drain and resume")
    func drain() throws {
        let draining = Samples.item("ork.drain/1", DrainReport(draining: true, inFlight: 3))
        let serving = Samples.item("ork.drain/1", DrainReport(draining: false, inFlight: 0))
        let daemon = try FakeDaemon([
            .init(expect: "POST /v1/daemon/drain", body: draining),
            .init(expect: "POST /v1/daemon/resume", body: serving),
        ])
        #expect(try orkctl("daemon", "drain", daemon: daemon).out == "draining; 3 in flight finish\n")
        #expect(try orkctl("daemon", "resume", daemon: daemon).out == "taking requests\n")
    }

    @Test("a shown request is a curl line without the secret, and nothing is done")
    func showRequest() throws {
        let daemon = try FakeDaemon()
        let ran = try orkctl(
            "keys", "add", "it's", "--show-request", "-n", daemon: daemon, input: Samples.keySecret)
        #expect(ran.code == 0 && daemon.calls.isEmpty)
        #expect(
            ran.out
                == "curl --unix-socket \(daemon.socket) -H 'Orkd-API: 1' -X POST -H 'Content-Type: application/json' "
                + #"--data-binary '{"name":"it'\''s","secret":"SECRET"}' 'http://orkd/v1/keys?dry_run=true'"#
                + "\n")
    }
}
