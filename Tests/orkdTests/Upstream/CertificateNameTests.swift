import Testing

@testable import orkd

@Suite("names in the upstream's certificate")
struct CertificateNameTests {
    @Test(
        "the host itself, in any case, or one whole label in its place",
        arguments: [
            ("openrouter.ai", ["openrouter.ai"]), ("openrouter.ai", ["OpenRouter.AI"]),
            ("OPENROUTER.ai", ["other.example", "openrouter.ai"]), ("openrouter.ai", ["openrouter.ai."]),
            ("openrouter.ai.", ["openrouter.ai"]), ("api.openrouter.ai", ["*.openrouter.ai"]),
            ("localhost", ["localhost"]),
        ])
    func covered(host: String, names: [String]) {
        #expect(CertificateName.covers(host, names: names.map { Array($0.utf8) }))
    }

    @Test(
        "nothing else",
        arguments: [
            ("openrouter.ai", []), ("openrouter.ai", [""]), ("openrouter.ai", ["*"]),
            ("openrouter.ai", ["*.ai"]), ("openrouter.ai", ["*.openrouter.ai"]),
            ("openrouter.ai", ["o*.ai", "*openrouter.ai", "openrouter.*"]),
            ("a.b.openrouter.ai", ["*.openrouter.ai", "a.*.openrouter.ai", "*.*.openrouter.ai"]),
            (
                "openrouter.ai",
                ["openrouter.ai.example", "xopenrouter.ai", ".openrouter.ai", "openrouter..ai"]
            ),
            ("openrouter.ai", ["openrouter.ai\0.example"]), ("localhost", ["*", "local*", "l*t"]),
        ])
    func refused(host: String, names: [String]) {
        #expect(!CertificateName.covers(host, names: names.map { Array($0.utf8) }))
    }
}
