import Testing

@testable import ORKit

@Suite("Secrets")
struct SecretTests {
    @Test(
        "what is shown keeps a known prefix and four characters",
        arguments: [
            ("sk-or-v1-0123456789abcdef9c41", "sk-or-v1-…9c41"),
            ("gw_live_0123456789abcdefghij", "gw_live_…ghij"),
            ("sk-ant-0123456789abcdefghij", "sk-ant-…ghij"), ("sk-0123456789abcdefghijkl", "sk-…ijkl"),
            ("0123456789abcdefghijklmn", "…klmn"), ("sk-or-v1-short", "…"), ("", "…"),
            ("sk-or-v1-0123456789abcdef\n9c41", "…"), ("sk-or-v1-0123456789abcdef ä9c41", "…"),
        ])
    func masked(text: String, shown: String) {
        #expect(Secret(text.utf8).masked == shown)
    }

    @Test("no way of printing shows a byte of it")
    func unprintable() {
        let secret = Secret("sk-or-v1-canary-canary-canary".utf8)
        var dumped = ""
        dump([secret], to: &dumped)
        for text in [
            "\(secret)", String(reflecting: secret), "\([secret])", String(describing: Optional(secret)),
            dumped,
        ] {
            #expect(!text.contains("canary"))
            // The codes of its letters neither; digits inside an address are none.
            #expect(!text.contains(/\b(99|110)\b/))
        }
    }

    @Test("equality looks at every byte")
    func equality() {
        let a = Secret("abc".utf8)
        #expect(a.isEqual(to: Secret("abc".utf8)))
        #expect(!a.isEqual(to: Secret("abd".utf8)))
        #expect(!a.isEqual(to: Secret("ab".utf8)))
        #expect(Secret("".utf8).isEqual(to: Secret("".utf8)))
    }

    @Test("the bytes it was made from stay as they are when it goes")
    func sourceStays() {
        let bytes = Array("sk-or-v1-canary".utf8)
        do { #expect(Secret(bytes).count == bytes.count) }
        #expect(String(decoding: bytes, as: UTF8.self) == "sk-or-v1-canary")
        let lazily = Secret(bytes.lazy.map { $0 })
        #expect(lazily.isEqual(to: Secret(bytes)))
    }
}
