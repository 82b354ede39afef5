import Foundation
import ORKTestSupport
import Testing

@Suite("Layout of the package") struct LayoutTests {
    @Test("the tree is as promised and both programs are built from it", .proves("SH-01"))
    func layout() async throws {
        for name in [
            "Package.swift", "Sources/orkd", "Sources/orkctl", "Sources/ORKit", "Tests", "man/orkctl.1",
            "man/orkd.8", "completions/orkctl.bash", "completions/_orkctl", "completions/orkctl.fish",
            "README.md", "LICENSE",
        ] {
            #expect(FileManager.default.fileExists(atPath: BuiltPrograms.packageRoot + "/" + name), "\(name)")
        }
        for name in ["orkd", "orkctl"] {
            let ran = try await Program(try BuiltPrograms.path(name), environment: [:]).run(["--version"])
            #expect(ran.status == 0)
            #expect(ran.stdout.contains(/\d+\.\d+\.\d+/))
        }
    }
}
