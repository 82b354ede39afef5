// HouseTests: the rules of the house as tests, so that CI has one entrance and nobody has to remember them.
// Here: one guard per file, each with a test that plants a violation and sees it found. Not here: behaviour of ork.
// May import Testing, Foundation, ORKit, orkd, ORKTestSupport.

import Foundation
import ORKTestSupport

/// A file of the project. The path is relative to the root.
struct SourceFile {
    var path: String
    var text: String

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// The files that a guard looks at: the project, or a planted tree.
struct SourceTree {
    var files: [SourceFile]

    init(_ texts: [String: String]) {
        files = texts.map { SourceFile(path: $0, text: $1) }.sorted { $0.path < $1.path }
    }

    /// The project itself. Fails rather than looks at nothing.
    static func project(_ folders: String...) throws -> SourceTree {
        let root = URL(fileURLWithPath: BuiltPrograms.packageRoot)
        var texts: [String: String] = [:]
        for folder in folders {
            let top = root.appendingPathComponent(folder).resolvingSymlinksInPath()
            guard let walk = FileManager.default.enumerator(at: top, includingPropertiesForKeys: nil) else {
                continue
            }
            for case let file as URL in walk where file.pathExtension == "swift" {
                let path = folder + file.path.dropFirst(top.path.count)
                texts[path] = try String(contentsOf: file, encoding: .utf8)
            }
        }
        guard !texts.isEmpty else { throw CocoaError(.fileReadNoSuchFile) }
        return SourceTree(texts)
    }

    /// The text of one file of the project.
    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: BuiltPrograms.packageRoot + "/" + path, encoding: .utf8)
    }
}
