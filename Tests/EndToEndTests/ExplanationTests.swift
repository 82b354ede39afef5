import Foundation
import MockUpstream
import ORKTestSupport
import ORKit
import Testing

/// What the pool would do, what it has decided, and taking that back: at the
/// built daemon.
@Suite("Explanation") struct ExplanationTests {
    private func run(_ line: String, _ daemon: DaemonFixture, ends status: Int32 = 0) async throws
        -> Program.Ran
    {
        let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init))
        #expect(ran.status == status, "\(line): \(ran.stdout)\(ran.stderr)")
        return ran
    }

    private func told(_ line: String, _ daemon: DaemonFixture, ends status: Int32 = 0) async throws -> JSON {
        let ran = try await run("explain --dry-run -o json \(line)", daemon, ends: status)
        #expect(ran.json?["schema"]?.text == "ork.explain/1")
        return try #require(ran.json?["item"])
    }

    private func count(_ view: JSON, _ word: String, in pool: Int = 0) -> Int64? {
        view["pools"]?.elements?[pool]["candidates"]?[word]?.integer
    }

    @Test("a dry run names the key that then serves, in the order of the plan, and leases nothing")
    func served() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            _ = try await run("pools add paid --strategy lru", daemon)
            _ = try await run("pools set default --fallback paid", daemon)
            try await daemon.addKey("p", with: [.init("pool", "paid")])
            let before = try await daemon.key("a")["counters"]?.encoded
            for _ in 0..<3 {
                let view = try await told("--client test --model v/m", daemon)
                #expect(view["pools"]?.elements?.map { $0["pool"]?.text } == ["default", "paid"])
                #expect(count(view, "usable") == 2 && count(view, "usable", in: 1) == 1)
                #expect(view["key"]?.text == "a" && view["pool"]?.text == "default")
                #expect(view["refusal"] == nil && view["client"]?.text == "test")
            }
            #expect(try await daemon.key("a")["counters"]?.encoded == before)
            #expect(daemon.keysUsed == [])
            #expect(try await daemon.caller.chat(model: "v/m").status == 200)
            #expect(daemon.keysUsed == ["a"])
            daemon.mock.always(.model("v/m"), .retryAfter("600"))
            #expect(try await daemon.caller.chat(model: "v/m").status == 429)
            let view = try await told("--model v/m", daemon, ends: 2)
            #expect(view["key"] == nil)
            #expect(view["refusal"]?["code"]?.text == "all-keys-resting")
            #expect(view["refusal"]?["status"]?.integer == 429)
            let times = try [view["at"], view["refusal"]?["until"]].map {
                try #require($0?.text.flatMap { WallTime(rfc3339: $0) })
            }
            #expect((500_000...600_000).contains(times[1].milliseconds(since: times[0])))
            #expect(count(view, "model-resting") == 2 && count(view, "model-resting", in: 1) == 1)
            let other = try #require(try await told("--model v/n", daemon)["key"]?.text)
            #expect(try await told("--pool paid --model v/n", daemon)["key"]?.text == "p")
            let text = try await run("explain --dry-run --client test --model v/m", daemon, ends: 2).stdout
            #expect(text.contains("sticky; 2 keys: 2 model-resting\n"), "\(text)")
            #expect(text.contains("would answer 429") && text.contains("code all-keys-resting"))
            #expect(try await run("explain --dry-run -q --model v/n", daemon).stdout == "\(other)\n")
            #expect(try await daemon.caller.chat(model: "v/n").status == 200)
            #expect(daemon.keysUsed.last == other)
        }
    }

    @Test(
        "the story of a request says what kept which keys from it when it was decided, long after",
        .proves("PO-07"))
    func candidates() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b", "c"])) { (daemon: DaemonFixture) async throws in
            let plain = try await daemon.caller.chat(model: "v/m")
            #expect(try await daemon.record(of: plain)["candidates"] == nil)
            _ = try await run("pools add paid", daemon)
            try await daemon.addKey("p", with: [.init("pool", "paid")])
            _ = try await run("keys disable b", daemon)
            daemon.mock.script(.both(key: daemon.secret("a"), model: "v/m"), .retryAfter("600"))
            let first = try await daemon.caller.chat(model: "v/m")
            let second = try await daemon.caller.chat(model: "v/m")
            daemon.mock.script(.both(key: daemon.secret("c"), model: "v/m"), .retryAfter("600"))
            _ = try await daemon.caller.chat(model: "v/m")
            let refused = try await daemon.caller.chat(model: "v/m")
            #expect([first, second, refused].map(\.status) == [200, 200, 429])
            #expect(daemon.keysUsed == ["a", "a", "c", "c", "c"])
            func kept(_ reply: Reply) async throws -> [String: Int64] {
                guard case .object(let members) = try await daemon.record(of: reply)["candidates"] else {
                    return [:]
                }
                #expect(members.count == 10)
                return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value.integer ?? -1) })
                    .filter { $0.value != 0 }
            }
            let expected: [(Reply, [String: Int64])] = [
                (first, ["usable": 2, "disabled": 1, "elsewhere": 1]),
                (second, ["usable": 1, "model-resting": 1, "disabled": 1, "elsewhere": 1]),
                (refused, ["model-resting": 2, "disabled": 1, "elsewhere": 1]),
            ]
            for (reply, counts) in expected { #expect(try await kept(reply) == counts) }
            // As of that moment, whatever has become of the keys.
            _ = try await run("keys enable b", daemon)
            _ = try await run("keys remove a --yes", daemon)
            try await daemon.restart()
            for (reply, counts) in expected { #expect(try await kept(reply) == counts) }
            func story(_ reply: Reply) async throws -> String {
                try await run("explain \(reply.value("ork-request") ?? "")", daemon).stdout
            }
            let served = try await story(second)
            #expect(
                served.contains("looked at 3 keys")
                    && served.contains(
                        "1 usable, 1 model-resting, 1 disabled; 1 in other pools\n"),
                "\(served)")
            let none = try await story(refused)
            #expect(none.contains("2 model-resting, 1 disabled; 1 in other pools\n"), "\(none)")
            #expect(!(try await story(plain)).contains("looked at"))
        }
    }

    @Test("a client that is not let in is told so, and what cannot be asked is refused")
    func refused() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            _ = try await run("clients disable test", daemon)
            let view = try await told("--client test", daemon, ends: 2)
            #expect(view["refusal"]?["code"]?.text == "client-disabled" && view["key"] == nil)
            #expect(count(view, "usable") == 1)
            for (line, status, code) in [
                ("--client nosuch", 4 as Int32, "client-not-found"), ("--pool nosuch", 4, "pool-not-found"),
                ("--client test --pool default", 64, "usage"), ("a", 64, "usage"),
            ] {
                let ran = try await run("explain --dry-run -o json \(line)", daemon, ends: status)
                #expect(ran.failure?["code"]?.text == code, "\(line)")
            }
            let ran = try await run("explain --model v/m a -o json", daemon, ends: 64)
            #expect(ran.failure?["message"]?.text?.contains("--dry-run") == true)
        }
    }

    @Test("verdicts are events with their rule, scope, cause, end and words, for followers too")
    func verdicts() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let live = try daemon.talk(
                "events", "-f", "--filter", "kind=verdict", "-o", "jsonl", onTerminal: false)
            daemon.mock.script(.model("v/m"), .retryAfter("600"))
            let reply = try await daemon.caller.chat(model: "v/m")
            try await live.shows(#""kind":"verdict""#)
            live.signal(SIGINT)
            #expect(try await live.end() == 130)
            let all = try await run("events --filter kind=verdict -o json", daemon).items
            let verdict = try #require(all.first)
            #expect(all.count == 1)
            #expect(verdict["noun"]?.text == "key" && verdict["subject"]?.text == "a")
            #expect(verdict["event"]?.text == "rest" && verdict["scope"]?.text == "model@key")
            #expect(verdict["cause"]?.text == "rate-limited" && verdict["model"]?.text == "v/m")
            #expect(verdict["rule"]?.text?.isEmpty == false)
            #expect(verdict["evidence"]?.text?.isEmpty == false)
            #expect(verdict["until"]?.text.flatMap { WallTime(rfc3339: $0) } != nil)
            #expect(verdict["request"]?.text == reply.value("ork-request"))
            try await daemon.restart()
            let kept = try await run("events --filter cause=rate-limited -o json", daemon).items
            #expect(kept.map(\.encoded) == [verdict.encoded])
        }
    }

    @Test("a filter that can choose nothing is an error that says what it may be")
    func badFilters() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for (filter, message, hint) in [
                ("kind=verdcit", "“kind” is never “verdcit”", "did you mean:   --filter kind=verdict"),
                ("severity!=bad", "“severity” is never “bad”", "it is one of:   info,warning,error"),
                ("kin=key", "there is no column “kin”", "did you mean:   kind"),
                ("verdict", "--filter needs", "columns are:"),
            ] {
                for follow in [[], ["-f"]] {
                    let ran = try await daemon.orkctl(
                        ["events", "-o", "jsonl", "--filter", filter] + follow)
                    #expect(ran.status == 64 && ran.stdout == "", "\(filter)")
                    #expect(ran.failure?["code"]?.text == "usage")
                    #expect(ran.failure?["message"]?.text?.contains(message) == true, "\(ran.stderr)")
                    #expect(ran.failure?["hint"]?.text?.contains(hint) == true, "\(ran.stderr)")
                }
            }
        }
    }

    @Test("undo takes back the last verdict and no other, says what it was, and is in the journal")
    func undo() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.model("v/m"), .retryAfter("600"))
            daemon.mock.script(.model("v/n"), .retryAfter("500"))
            _ = try await daemon.caller.chat(model: "v/m")
            _ = try await daemon.caller.chat(model: "v/n")
            let dry = try await run("keys undo a --dry-run", daemon)
            #expect(dry.stdout.hasPrefix("a undone: rest for v/n by ") && dry.stdout.contains("nothing was"))
            #expect(try await daemon.caller.chat(model: "v/n").status == 429)
            let done = try await run("keys undo a -o json", daemon).items.first
            #expect(done?["outcome"]?.text == "undone" && done?["changed"]?.isTrue == true)
            #expect(done?["detail"]?.text?.hasPrefix("rest for v/n by ") == true)
            #expect(try await daemon.caller.chat(model: "v/n").status == 200)
            #expect(try await daemon.caller.chat(model: "v/m").status == 429)
            // What is told as done is on disk.
            try await daemon.kill9()
            try await daemon.start()
            #expect(try await daemon.caller.chat(model: "v/m").status == 429)
            #expect(try await daemon.caller.chat(model: "v/n").status == 200)
            #expect(try await run("keys undo a", daemon).stdout.hasPrefix("a undone: rest for v/m by "))
            let none = try await run("keys undo a", daemon)
            #expect(none.stdout == "a unchanged: nothing is held against it\n")
            #expect(try await daemon.caller.chat(model: "v/m").status == 200)
            let audits = try await run("events --filter event=keys.undo -o json", daemon).items
            #expect(audits.count == 2)
            #expect(audits.first?["by"]?.text?.hasPrefix("uid ") == true)
            #expect(audits.first?["text"]?.text?.contains("model v/n") == true)
            #expect(audits.first?["text"]?.text?.contains("cause rate-limited") == true)
        }
    }

    @Test("undo takes back a whole wave at once, of all keys, and leaves what came for another reason")
    func wave() async throws {
        let names = ["a", "b", "c", "d"]
        try await withDaemon(DaemonOptions(keys: names)) { (daemon: DaemonFixture) async throws in
            let other = #"{"error":{"code":429,"message":"Slow down, please"}}"#
            daemon.mock.script(
                .both(key: daemon.secret("d"), model: "v/n"),
                .status(429, headers: [("Retry-After", "600")], body: other))
            for key in names.dropLast() {
                daemon.mock.script(.both(key: daemon.secret(key), model: "v/n"), .retryAfter("600"))
            }
            #expect(try await daemon.caller.chat(model: "v/n").status != 200)
            #expect(daemon.keysUsed == names)
            let dry = try await run("keys undo b --wave --dry-run -o json", daemon).items
            #expect(dry.map { $0["item"]?["name"]?.text } == ["a", "b", "c"])
            #expect(try await daemon.rest(of: "v/n", on: "a") != nil)
            let done = try await run("keys undo b --wave -o json", daemon).items
            #expect(done.map { $0["item"]?["name"]?.text } == ["a", "b", "c"])
            #expect(done.allSatisfy { $0["outcome"]?.text == "undone" && $0["changed"]?.isTrue == true })
            #expect(try await daemon.rest(of: "v/n", on: "d") != nil)
            #expect(try await daemon.caller.chat(model: "v/n").status == 200)
            let audit = try await run("events --filter kind=audit -o json", daemon).items
            #expect(audit.count { $0["event"]?.text == "keys.undo" } == 3)
            // What is told as done is on disk.
            try await daemon.kill9()
            try await daemon.start()
            #expect(try await daemon.caller.chat(model: "v/n").status == 200)
            let last = try await run("keys undo --wave -o json", daemon).items
            #expect(last.map { $0["item"]?["name"]?.text } == ["d"])
            #expect(try await daemon.rest(of: "v/n", on: "d") == nil)
            #expect(try await run("keys undo --wave -o json", daemon).items.isEmpty)
            let words = try await run("keys undo -o json", daemon, ends: 64)
            #expect(words.failure?["code"]?.text == "usage")
        }
    }
}
