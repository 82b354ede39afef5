import Foundation
import ORKTestSupport
import Testing

/// What orkctl must not load: it starts and ends in milliseconds, and the 40
/// MB of ICU data that come with full Foundation would be most of that.
enum LinkedLibraries {
    static let forbidden = [
        "libFoundation.so", "libFoundationInternationalization.so", "lib_FoundationICU.so", "libNIO",
    ]

    /// - Parameter listing: what ldd(1) prints.
    static func violations(in listing: String) -> [String] {
        let names = listing.split(separator: "\n").compactMap {
            $0.split(whereSeparator: \.isWhitespace).first
        }
        return names.map(String.init).filter { name in forbidden.contains { name.hasPrefix($0) } }
    }

    static var orkctl: String? { try? BuiltPrograms.path("orkctl") }
}

@Suite("Linked libraries")
struct LinkedLibrariesTests {
    @Test(
        "orkctl loads neither full Foundation nor ICU",
        .enabled(if: LinkedLibraries.orkctl != nil, "orkctl is not built"))
    func orkctl() async throws {
        let path = try #require(LinkedLibraries.orkctl)
        let ran = try await Program("/usr/bin/ldd", environment: ["PATH": "/usr/bin:/bin"]).run([path])
        try #require(ran.stdout.contains("libc.so"))
        #expect(LinkedLibraries.violations(in: ran.stdout) == [])
    }

    @Test("planted libraries are found, FoundationEssentials is not one of them")
    func planted() {
        let listing = """
            \tlibFoundationEssentials.so => /usr/lib/libFoundationEssentials.so (0x1)
            \tlibFoundation.so => /usr/lib/libFoundation.so (0x2)
            \tlib_FoundationICU.so => /usr/lib/lib_FoundationICU.so (0x3)
            """
        #expect(LinkedLibraries.violations(in: listing) == ["libFoundation.so", "lib_FoundationICU.so"])
    }
}
