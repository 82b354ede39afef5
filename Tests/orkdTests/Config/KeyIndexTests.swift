import ORKit
import Testing

@testable import orkd

@Suite("Positions of keys in TOML")
struct KeyIndexTests {
    private func at(_ text: String, _ path: String...) -> String {
        let position = KeyIndex(Array(text.utf8)).position(of: path)
        return "\(position.line):\(position.column)"
    }

    @Test("keys are found in tables, dotted, quoted, inline and after values of every kind")
    func everyForm() {
        let text = #"""
            top = 1
            a.b = 2 # a.c = 3
            [one] # comment
            x = """
            y = "not a key"
            \"" end"""
              y = '''
            z = 1'''
            list = [ # [
              "w = 1]", ']',
              [1, 2], { q = 1 },
            ]
            "quoted key" = { inner = "}", 'äö' . deep = [1], last = 5 }
            [[many]]
            k = 1
            [[many]]
            k = 2
            [ one . two ]
              end = 2024-01-01
            """#
        #expect(at(text, "top") == "1:1")
        #expect(at(text, "a", "b") == "2:1")
        #expect(at(text, "one") == "3:1")
        #expect(at(text, "one", "x") == "4:1")
        #expect(at(text, "one", "y") == "7:3")
        #expect(at(text, "one", "list") == "9:1")
        #expect(at(text, "one", "quoted key", "inner") == "13:18")
        #expect(at(text, "one", "quoted key", "äö", "deep") == "13:31")
        #expect(at(text, "one", "quoted key", "last") == "13:50")
        #expect(at(text, "many", "k") == "15:1")
        #expect(at(text, "one", "two", "end") == "19:3")
        #expect(at(text, "one", "absent") == "3:1")
    }

    @Test(
        "what toml++ asserts about is refused with its place before toml++ sees it",
        arguments: [
            ("[.strategy", "1:1"), ("[ .a]", "1:1"), ("[[.a]]", "1:1"), ("[[[a]]]", "1:1"), ("[\n", "1:1"),
            ("[=]", "1:1"), ("[é]", "1:1"), ("[#]", "1:1"), ("a = [\n[1, 2],\n]\n\n  [ .b]", "5:3"),
            ("a = [}", "1:6"), ("a = [1,}", "1:8"), ("a = [[}]]", "1:7"), ("a = {b = [}", "1:11"),
            ("a = [{b = [}", "1:12"), ("a = [\u{85}", "1:6"), ("a = [1, \u{2028}", "1:9"),
            ("a = [\n\u{2029}", "2:1"),
            ("a = 1979-05-27T:32:00Z", "1:15"), ("a = [1, 1979-05-27t_1:00:00]", "1:19"),
            ("[a]\nb = {c = 1979-05-27T:0}", "2:20"), ("a = 1979-05-27T", "1:15"),
            ("a = 1979-05-27 3}", "1:15"), ("a = [1979-05-2= 3, 1]", "1:16"),
            ("[a]\nb = {c = 1_9é9-05-27 3}", "2:21"), ("a = 1979-05-27 3 ", "1:15"),
        ])
    func traps(text: String, place: String) {
        let found = Configuration.check(text: text)
        #expect(found.map { "\($0.line):\($0.column)" } == [place])
        #expect(found.first?.message.hasPrefix("not TOML") == true)
    }

    @Test("inline tables in each other are followed to a bound")
    func depth() {
        let text = String(repeating: "a={", count: 100_000)
        #expect(Configuration.check(text: text).count == 1)
    }

    @Test(
        "what only looks like that is let through",
        arguments: [
            "a = \"\"\"\n[.x]\"\"\"", "a = [\n[.x", "#[.x]", "['.x']", "[ a ]", "[[\"é\"]]",
            "a = [{b = [1]}, '}', # }\n]",
            "a = [{b = 1]", "a = 'é\u{85}'", "a = 1979-05-27T07:32:00Z", "a = 1979-05-27 # T:",
            "a = '1979-05-27T:'", "a = [1979-05-27T07:32:00Z, '1979-05-27T:']",
            "a = 1979-05-27 07:32:00", "a = '1979-05-27 3'", "a = [1979-05-27 , 3]", "a = 1979-05 3",
        ])
    func noTrap(text: String) {
        #expect(KeyIndex(Array(text.utf8)).trap == nil)
    }

    @Test("any bytes at all come to an end")
    func anything() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        let alphabet = Array("[]{}\"'.=,# \n\\ab\u{FF}".utf8)
        for _ in 0..<2000 {
            var text: [UInt8] = []
            for _ in 0..<40 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.append(alphabet[Int(state >> 33) % alphabet.count])
            }
            _ = KeyIndex(text)
        }
    }
}
