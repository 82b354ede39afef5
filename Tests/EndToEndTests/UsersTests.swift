import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Users and the clients that they own, from the shell.
@Suite("Users") struct UsersTests {
    private func run(_ words: String..., on daemon: DaemonFixture) async throws -> Program.Ran {
        let ran = try await daemon.orkctl(words)
        #expect(ran.status == 0, "\(words): \(ran.stderr)")
        return ran
    }

    /// A user who can pay.
    private func create(_ name: String, _ more: String..., on daemon: DaemonFixture) async throws {
        let ran = try await daemon.orkctl(["users", "create", name] + more)
        #expect(ran.status == 0, "\(ran.stderr)")
        _ = try await run("credits", "add", name, "1M", on: daemon)
    }

    private func issue(_ name: String, _ user: String, on daemon: DaemonFixture) async throws -> Caller {
        daemon.caller(key: try await daemon.addClient(name, with: [.init("user", .string(user))]))
    }

    private func names(_ user: String, _ daemon: DaemonFixture) async throws -> [String] {
        let ran = try await daemon.orkctl("clients", "list", "--user", user, "-o", "name")
        return ran.stdout.split(separator: "\n").map(String.init)
    }

    private func user(_ name: String, _ daemon: DaemonFixture) async throws -> JSON {
        let ran = try await daemon.orkctl("users", "show", name, "-o", "json")
        return try #require(ran.items.first, "\(ran.stderr)")
    }

    @Test(
        "clients are listed by user, counted for it, and go with it",
        .proves("CK-01", "CK-03", "CK-10", "US-08"))
    func owned() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for name in ["alice", "bob"] { try await create(name, on: daemon) }
            let made = try await daemon.orkctl(
                "clients", "add", "a1", "--user", "alice", "-q", mayIssue: true)
            let secret = made.stdout.filter { $0 != "\n" }
            daemon.watch(Canary(name: "a1", secret: secret), issuedHere: true)
            let first = daemon.caller(key: secret)
            let second = try await issue("a2", "alice", on: daemon)
            let other = try await issue("b1", "bob", on: daemon)
            #expect(try await names("alice", daemon) == ["a1", "a2"])
            #expect(try await names("bob", daemon) == ["b1"])
            #expect(try await names("none", daemon) == ["test"])
            for caller in [first, first, second, other] { #expect(try await caller.chat().status == 200) }
            #expect(try await user("alice", daemon)["requests"]?.integer == 3)
            #expect(try await user("bob", daemon)["requests"]?.integer == 1)
            let asked = try await daemon.orkctl("users", "rm", "alice")
            #expect(asked.status == 6 && asked.stderr.contains("all their clients"))
            let gone = try await run("users", "rm", "alice", "--yes", on: daemon)
            #expect(gone.stdout == "alice removed: with a1, a2\n")
            for caller in [first, second] { #expect(try await caller.chat().status == 401) }
            #expect(try await other.chat().status == 200)
            #expect(try await daemon.orkctl("clients", "list", "-o", "name").stdout == "b1\ntest\n")
            #expect(try await daemon.orkctl("users", "show", "alice").status == 4)
            try await daemon.kill9()
            try await daemon.start()
            #expect(try await daemon.orkctl("users", "list", "-o", "name").stdout == "bob\n")
            #expect(try await daemon.caller(key: secret).chat().status == 401)
        }
    }

    @Test("a second key of the same name is refused, and the clash is named", .proves("CK-21"))
    func names() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for name in ["alice", "bob"] { try await create(name, on: daemon) }
            _ = try await issue("web", "alice", on: daemon)
            for user in ["alice", "bob"] {
                let again = try await daemon.orkctl("clients", "add", "web", "--user", user, "-q")
                #expect(again.status == 5 && again.stdout == "")
                #expect(again.stderr.contains("“web” exists") && again.stderr.contains("[client-exists]"))
            }
        }
    }

    @Test("of a user's clients one is primary, and the mark moves")
    func primary() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await create("alice", on: daemon)
            _ = try await issue("a1", "alice", on: daemon)
            _ = try await issue("a2", "alice", on: daemon)
            for name in ["a1", "a2"] {
                _ = try await run("clients", "set", name, "--primary", on: daemon)
                #expect(try await user("alice", daemon)["primary"]?.text == name)
            }
            let marks = try await run("clients", "list", "--user", "alice", "-o", "json", on: daemon).items
            #expect(marks.map { $0["primary"]?.encoded } == ["false", "true"])
        }
    }

    @Test("the clients of a disabled user are refused at once, and let in again")
    func disable() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await create("alice", on: daemon)
            let web = try await issue("web", "alice", on: daemon)
            #expect(try await web.chat().status == 200)
            _ = try await run("users", "disable", "alice", "--reason", "unpaid", on: daemon)
            #expect(try await web.chat().errorCode == "client-disabled")
            #expect(try await daemon.caller.chat().status == 200)
            #expect(try await user("alice", daemon)["disabled_reason"]?.text == "unpaid")
            _ = try await run("users", "enable", "alice", on: daemon)
            #expect(try await web.chat().status == 200)
        }
    }

    @Test("the end of a trial is shown, and refuses only where that is switched on", .proves("US-09"))
    func trial() async throws {
        for isEnforced in [false, true] {
            var options = DaemonOptions()
            options.set("trial", "enforce = \(isEnforced)")
            try await withDaemon(options) { (daemon: DaemonFixture) async throws in
                try await create("alice", "--subscription", "trial", on: daemon)
                let web = try await issue("web", "alice", on: daemon)
                #expect(try await user("alice", daemon)["trial_ends_at"]?.text != nil)
                #expect(try await web.chat().status == 200)
                _ = try await run("users", "set", "alice", "--trial-ends", "2001-01-01T00:00:00Z", on: daemon)
                let after = try await web.chat()
                #expect(after.status == (isEnforced ? 402 : 200))
                if isEnforced { #expect(after.errorCode == "trial-over") }
                _ = try await run("users", "set", "alice", "--subscription", "active", on: daemon)
                #expect(try await web.chat().status == 200)
            }
        }
    }

    @Test("every field of a user can be set, shown and taken away; changes are in the audit trail")
    func fields() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await create("alice", on: daemon)
            _ = try await run(
                "users", "set", "alice", "--rename", "ann", "--email", "ann@example.com", "--auth-method",
                "wallet",
                "--metered", "no", "--preferences", #"{"theme":{"dark":true}}"#, "--tag", "team=core",
                "--note",
                "n", on: daemon)
            let shown = try await user("ann", daemon)
            #expect(shown["email"]?.text == "ann@example.com" && shown["auth_method"]?.text == "wallet")
            #expect(shown["metered"]?.encoded == "false" && shown["tags"]?["team"]?.text == "core")
            #expect(shown["preferences"]?.text == #"{"theme":{"dark":true}}"# && shown["note"]?.text == "n")
            let version = try #require(shown["version"]?.integer)
            _ = try await run(
                "users", "set", "ann", "--email", "none", "--auth-method", "none", "--preferences", "none",
                "--note", "none", "--tag", "team=none", "--if-version", String(version), on: daemon)
            let bare = try await user("ann", daemon)
            for field in ["email", "auth_method", "preferences", "note"] { #expect(bare[field] == nil) }
            let lost = try await daemon.orkctl(
                "users", "set", "ann", "--note", "late", "--if-version", String(version))
            #expect(lost.status == 5 && lost.stderr.contains("[version-lost]"))
            let events = try await run("events", "--filter", "kind=audit", "-o", "jsonl", on: daemon).stdout
            #expect(events.contains("users.add") && events.contains("users.set"))
        }
    }
}
