import Testing

@testable import ORKit

@Suite("Digest of a conversation")
struct ConversationTests {
    private func digest(_ text: String, _ client: Int64 = 1) -> UInt64 {
        Array(text.utf8).withUnsafeBytes { Conversation.digest($0, of: ClientID(client)) }
    }

    @Test("it is the same for the same words, and another for other words, lengths and clients")
    func differs() {
        let texts = ["", "a", "b", "aaaaaaaa", "aaaaaaab", "aaaaaaaaa", "baaaaaaa"]
        #expect(Set(texts.map { digest($0) }).count == texts.count)
        #expect(texts.allSatisfy { digest($0) == digest($0) })
        #expect(digest("a", 1) != digest("a", 2))
    }

    @Test("of a long opening both ends count")
    func long() {
        let middle = String(repeating: "x", count: 10_000)
        #expect(digest("a" + middle) != digest("b" + middle))
        #expect(digest(middle + "a") != digest(middle + "b"))
    }

    @Test("conversations are spread over the keys")
    func spread() {
        var counts = [Int](repeating: 0, count: 16)
        for number in 0..<16_000 { counts[Int(digest("session-\(number)") % 16)] += 1 }
        #expect(counts.allSatisfy { (850...1150).contains($0) })
    }
}
