// Shell: splitting, completing and remembering lines.
import ORKit
import Testing

@testable import orkctl

@Suite("words of a line")
struct ShellWordsTests {
    @Test(
        "as a POSIX shell splits them, without expanding anything",
        arguments: [
            ("", []), ("  keys   list ", ["keys", "list"]), ("a 'b c' d", ["a", "b c", "d"]),
            (#"a "b \" \\ \n c""#, ["a", #"b " \ \n c"#]), (#"a\ b c\'d"#, ["a b", "c'd"]),
            ("x=''", ["x="]), ("''", [""]), ("a'b'\"c\"d", ["abcd"]),
            ("keys list # all of them", ["keys", "list"]),
            ("a#b", ["a#b"]), ("# nothing", []), ("$HOME `id` *", ["$HOME", "`id`", "*"]),
        ] as [(String, [String])])
    func split(line: String, words: [String]) throws { #expect(try ShellWords.split(line) == words) }

    @Test("a quotation without an end is refused", arguments: ["'a", "\"a", "a\\"])
    func open(line: String) { #expect(throws: CodedError.self) { try ShellWords.split(line) } }
}
