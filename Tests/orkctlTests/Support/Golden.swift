import Foundation
import Testing

/// Output compared with what was recorded: `Golden/<name>.txt`. `RECORD=1`
/// records anew.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = directory.appendingPathComponent("Golden/\(name).txt")
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
        try Data(text.utf8).write(to: file)
        return
    }
    let recorded = try String(contentsOf: file, encoding: .utf8)
    #expect(text == recorded, "differs from Golden/\(name).txt", sourceLocation: sourceLocation)
}
