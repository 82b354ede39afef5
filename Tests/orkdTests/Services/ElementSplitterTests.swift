import ORKit
import Testing

@testable import orkd

@Suite("Cutting a document of keys") struct ElementSplitterTests {
    /// Elements as `line text`, and what is left to say of the document.
    private func split(_ text: String, piece: Int = 1000) -> (elements: [String], hasList: Bool, isOpen: Bool)
    {
        var splitter = ElementSplitter()
        var elements: [String] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { part in
                splitter.feed(part) { line, element in
                    switch element {
                    case .whole(let bytes):
                        elements.append("\(line) \(String(decoding: bytes, as: UTF8.self))")
                    case .tooLong: elements.append("\(line) too long")
                    }
                }
            }
        }
        return (elements, splitter.hasList, splitter.isOpen)
    }

    @Test(
        "each element comes alone, on one line, with the line it began on, however the bytes are cut",
        arguments: [1, 2, 3, 1000])
    func elements(piece: Int) {
        let document = """
            {"schema":"x", "other":["no",{"items":["no"]}], "items" : [
              {"a":"]},{[", "b":[1,{"c":2}],
               "d":"\\"\\\\"} ,"plain", {}
              , 7],"next":[{"no":1}]}
            """
        let found = split(document, piece: piece)
        #expect(
            found.elements == [
                #"2 {"a":"]},{[", "b":[1,{"c":2}],    "d":"\"\\"} "#, #"3 "plain""#, "3 {}   ",
                "4 7",
            ])
        #expect(found.hasList && !found.isOpen)
    }

    @Test("a document may be the list itself; without a list there is nothing")
    func forms() {
        #expect(split(#"[{"a":1},{"b":2}]"#).elements == [#"1 {"a":1}"#, #"1 {"b":2}"#])
        #expect(split("[]").hasList && split("[]").elements.isEmpty)
        for text in ["", "{}", #"{"keys":[1]}"#, "sk-or-v1-x\nsk-or-v1-y", #""[1]""#] {
            #expect(!split(text).hasList && split(text).elements.isEmpty, "\(text)")
        }
        #expect(split(#"[{"a":1},{"b":"#).isOpen && split("[1").isOpen && split(#"[""#).isOpen)
    }

    @Test("an element that is too long is told as such, and the next one is whole again")
    func tooLong() {
        let long = String(repeating: "x", count: LineSplitter.limit)
        #expect(split("[\"\(long)\",{}]").elements == ["1 too long", "1 {}"])
    }

    @Test("closing brackets without open ones end nothing")
    func unbalanced() {
        #expect(split("]]}}[1,2]").elements == ["1 1", "1 2"])
    }
}
