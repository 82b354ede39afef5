import ORKit
import Testing

@testable import orkd

@Suite("orkd.toml")
struct FileTests {
    private func findings(_ text: String) -> [String] {
        Configuration.check(text: text).map { finding in
            "\(finding.line):\(finding.column) \(finding.message)" + (finding.hint.map { " | " + $0 } ?? "")
        }
    }

    @Test("a valid file has no findings")
    func valid() {
        #expect(
            findings(
                """
                # everything by hand
                [proxy]
                listen = ["127.0.0.1:8080", "[::1]:8080"]
                event_loops = "auto"
                body_limit = 1048576
                replay_limit = "1 MiB"
                stream_idle = "2m"
                auth = "required"

                [upstream]
                base_url = "https://openrouter.ai/api/"
                [pool]
                strategy = "round-robin"
                """) == [])
    }

    @Test("an unknown setting is told with line, column and the nearest name")
    func unknown() {
        #expect(
            findings("[proxy]\n  lisen = [\"127.0.0.1:1\"]\n")
                == ["2:3 “proxy.lisen” is not a setting | did you mean proxy.listen?"])
        #expect(
            findings("[prxy]\nlisten = \"x\"") == [
                "2:1 “prxy.listen” is not a setting | did you mean proxy.listen?"
            ])
        #expect(findings("[prxy]\n") == ["1:1 “prxy” is not a setting | did you mean [proxy]?"])
        #expect(
            findings("strategy = \"lru\"") == [
                "1:1 “strategy” is not a setting | did you mean pool.strategy?"
            ])
        #expect(findings("[completely]\ndifferent = 1") == ["2:1 “completely.different” is not a setting"])
        #expect(findings("proxy = 5") == ["1:1 proxy is a section | write [proxy] on a line of its own"])
    }

    @Test("a secret does not belong into the file and is not repeated")
    func secret() {
        let text = findings(
            "OPENROUTER_API_KEY = \"sk-or-v1-0123456789abcdef\"\n[log]\nlevel = \"sk-or-v1-0123456789\"")
        #expect(text.count == 2)
        #expect(text.first?.contains("secrets never stand in this file") == true)
        #expect(!text.joined().contains("0123456789"))
    }

    @Test("values of the wrong type or out of range say what was expected")
    func wrongValues() {
        #expect(
            findings(
                """
                [proxy]
                event_loops = "many"
                hsts = "true"
                request_head = 10
                body_idle = "10"
                listen = [8080]
                heartbeat = "15 minutes"
                body_limit = "1B"
                auth = "opne"
                write_idle = 1979-05-27
                """) == [
                    "2:1 proxy.event_loops: expected a whole number, found a string",
                    "3:1 proxy.hsts: expected true or false, found a string",
                    "4:1 proxy.request_head: 10 has no unit: write “10s” for seconds",
                    "5:1 proxy.body_idle: “10” has no unit: write “10s” for seconds",
                    "6:1 proxy.listen: every item must be a string such as “127.0.0.1:8080”",
                    "7:1 proxy.heartbeat: “15 minutes” is not a duration: write “10s”, “5m”, “1h30m”",
                    "8:1 proxy.body_limit: not within: size, 1KiB to 4GiB",
                    "9:1 proxy.auth: “opne” is not one of required, open; did you mean “open”?",
                    "10:1 proxy.write_idle: expected a duration such as “10s”, found a date",
                ])
    }

    @Test("a syntax error has its line and column")
    func syntax() throws {
        let found = Configuration.check(text: "[proxy]\nlisten = \n")
        let first = try #require(found.first)
        #expect(found.count == 1 && first.line == 2 && first.column >= 9)
        #expect(
            Configuration.issues(in: [0x61, 0x0A, 0xFF], path: "x").map(\.description) == [
                "x:2:1: not UTF-8 text"
            ])
        #expect(
            Configuration.issues(in: [0x23, 0x00], path: "x").map(\.description) == ["x:1:2: not UTF-8 text"])
    }

    @Test("open mode is refused off the loopback address unless the second switch is on")
    func openMode() throws {
        let open = "proxy.auth = \"open\"\nproxy.listen = [\"127.0.0.1:1\", \"0.0.0.0:1\"]\n"
        #expect(
            findings(open).first?.hasPrefix("1:1 proxy.auth: “open” on 0.0.0.0:1 would let in anybody")
                == true)
        #expect(findings(open + "proxy.open_on_any_address = true") == [])
        #expect(
            findings("proxy.auth = \"open\"\nproxy.listen = [\"127.0.0.1:1\", \"[::1]:1\", \"localhost:1\"]")
                == [])
        #expect(
            try load("proxy.auth = \"open\"").get().remarks.first?.hasPrefix("open mode: anybody") == true)
    }

    @Test("every setting's default can be written and reads back as the same value")
    func roundTrip() {
        for setting in SettingsTable.all {
            var configuration = Configuration()
            #expect(setting.apply(&configuration, .untyped(setting.standard)) == nil, "\(setting.name)")
            #expect(setting.show(configuration) == setting.standard, "\(setting.name)")
        }
    }

    @Test("no two settings share a name or a variable")
    func distinct() {
        let names = SettingsTable.all.map(\.name)
        let variables = SettingsTable.all.flatMap { $0.variables.map(\.name) }
        #expect(Set(names).count == names.count)
        #expect(Set(variables).count == variables.count)
    }
}
