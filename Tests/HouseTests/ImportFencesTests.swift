import Testing

/// Which folder may import what (house.md 4.1 in force).
struct ImportFence {
    /// Names; a star at the end stands for any rest.
    let modules: [String]
    /// Paths that begin so may import them …
    let allowed: [String]
    /// … but these not.
    var except: [String] = []

    static let all = [
        ImportFence(modules: ["GRDB"], allowed: ["Sources/orkd/Store/", "Sources/orkd/Services/"]),
        // What GRDB has no words for.
        ImportFence(modules: ["GRDBSQLite"], allowed: ["Sources/orkd/Store/WriteAheadLog.swift"]),
        ImportFence(modules: ["TOMLKit"], allowed: ["Sources/orkd/Config/"]),
        // Application is what Control and Web share; one file of Proxy hands a
        // parsed request over to it.
        ImportFence(
            modules: ["Hummingbird"],
            allowed: [
                "Sources/orkd/Application/", "Sources/orkd/Control/", "Sources/orkd/Web/",
                "Sources/orkd/Proxy/ApplicationExchange.swift",
            ]),
        ImportFence(
            modules: ["HTTPTypes"],
            allowed: [
                "Sources/orkd/Application/", "Sources/orkd/Control/", "Sources/orkd/Web/",
                "Sources/orkd/Proxy/ApplicationExchange.swift",
            ]),
        ImportFence(modules: ["NIOSSL"], allowed: ["Sources/orkd/Upstream/", "Sources/orkd/Proxy/"]),
        // Locks, which do no IO.
        ImportFence(modules: ["NIOConcurrencyHelpers"], allowed: ["Sources/orkd/"]),
        ImportFence(
            modules: ["NIO*"], allowed: ["Sources/orkd/"],
            except: ["Sources/orkd/Store/", "Sources/orkd/Config/", "Sources/orkd/System/"]),
        ImportFence(
            modules: ["Crypto"],
            allowed: [
                "Sources/orkd/Store/", "Sources/orkd/Services/", "Sources/orkd/Proxy/KnownCredential.swift",
            ]),
        ImportFence(modules: ["Logging"], allowed: ["Sources/orkd/"], except: ["Sources/orkd/Config/"]),
        ImportFence(modules: ["ArgumentParser"], allowed: ["Sources/orkctl/", "Sources/orkd/Orkd.swift"]),
        ImportFence(modules: ["CCurl"], allowed: ["Sources/ORKClient/"]),
        ImportFence(modules: ["CReadline"], allowed: ["Sources/orkctl/Shell/"]),
        ImportFence(modules: ["CORKSystem"], allowed: ["Sources/orkd/System/", "Sources/orkd/Control/"]),
        ImportFence(
            modules: ["FoundationEssentials"],
            allowed: ["Sources/ORKit/Control/", "Sources/ORKClient/", "Sources/orkctl/", "Sources/orkd/"]),
        ImportFence(
            modules: ["Glibc", "Dispatch", "Synchronization"],
            allowed: ["Sources/ORKClient/", "Sources/orkctl/", "Sources/orkd/"]),
        ImportFence(modules: ["ORKit"], allowed: ["Sources/ORKClient/", "Sources/orkctl/", "Sources/orkd/"]),
        ImportFence(modules: ["ORKClient"], allowed: ["Sources/orkctl/"]),
    ]

    /// Imports that no fence lets through; also those of modules that no
    /// fence knows, so that a new dependency is a decision.
    static func violations(in tree: SourceTree) -> [String] {
        tree.files.flatMap { file in
            imports(of: file).compactMap { module, line in
                let fence = all.first { $0.covers(module) }
                if let fence, fence.lets(file.path) { return nil }
                return "\(file.path):\(line): \(module) "
                    + (fence == nil ? "is in no fence" : "may not be imported here")
            }
        }
    }

    private func covers(_ module: String) -> Bool {
        modules.contains { $0.last == "*" ? module.hasPrefix($0.dropLast()) : module == $0 }
    }

    private func lets(_ path: String) -> Bool {
        allowed.contains { path.hasPrefix($0) } && !except.contains { path.hasPrefix($0) }
    }

    private static func imports(of file: SourceFile) -> [(module: String, line: Int)] {
        let lines = SwiftText.code(of: file.text).split(separator: "\n", omittingEmptySubsequences: false)
        let words: Set<Substring> = [
            "public", "package", "internal", "private", "fileprivate", "struct", "class", "enum", "protocol",
            "func",
            "typealias", "var", "let",
        ]
        return lines.enumerated().compactMap { index, line in
            var parts = line.split(separator: " ").drop { $0.hasPrefix("@") || words.contains($0) }
            guard parts.popFirst() == "import" else { return nil }
            let name = parts.drop { words.contains($0) }.first?.prefix {
                $0.isLetter || $0.isNumber || $0 == "_"
            }
            return name.map { (String($0), index + 1) }
        }
    }
}

@Suite("Imports")
struct ImportFencesTests {
    @Test("every import is allowed where it stands")
    func project() throws {
        #expect(ImportFence.violations(in: try .project("Sources")) == [])
    }

    @Test("planted imports are found, whatever their form")
    func planted() {
        let tree = SourceTree([
            "Sources/ORKit/Engine/A.swift": "internal import Glibc\n// import GRDB\n",
            "Sources/ORKit/Control/B.swift": "import FoundationEssentials\nimport Foundation\n",
            "Sources/orkd/Store/C.swift": "import GRDB\npublic import struct NIOCore.ByteBuffer\n",
            "Sources/orkctl/D.swift": "@preconcurrency import CCurl\nimport ArgumentParser\n",
            "Sources/orkd/Proxy/E.swift":
                "let s = \"\"\"\nimport GRDB\n\"\"\"\nimport NIOCore\nimport Surprise\n",
        ])
        #expect(
            ImportFence.violations(in: tree) == [
                "Sources/ORKit/Control/B.swift:2: Foundation is in no fence",
                "Sources/ORKit/Engine/A.swift:1: Glibc may not be imported here",
                "Sources/orkctl/D.swift:1: CCurl may not be imported here",
                "Sources/orkd/Proxy/E.swift:5: Surprise is in no fence",
                "Sources/orkd/Store/C.swift:2: NIOCore may not be imported here",
            ])
    }
}
