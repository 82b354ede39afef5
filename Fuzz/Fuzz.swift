// Fuzz: what libFuzzer calls, one file per target in Targets; `scripts/fuzz` builds and runs them (docs/parsers.md).
// Here: code that feeds bytes to a parser and traps where a promise is broken. Not here: parsers, expectations of text.
// May import ORKit (with @testable) and Glibc; the sources of orkd that are under test are compiled into this module.

import Glibc

/// One parser under fire.
protocol FuzzTarget: Sendable {
    /// What `scripts/fuzz` and the folder of its corpus call it.
    static var name: String { get }
    static func run(_ bytes: UnsafeRawBufferPointer)
}

enum Fuzz {
    static let targets: [any FuzzTarget.Type] = [
        RequestHeadTarget.self, ResponseHeadTarget.self, ChunksTarget.self, BodyFieldsTarget.self,
        AnswerTarget.self,
        ErrorsTarget.self, ImportTarget.self, ConfigTarget.self, KeysTarget.self, PathTarget.self,
        ControlTarget.self,
        RecordsTarget.self, ModelsTarget.self, PlantedTarget.self,
    ]

    /// The one of this run: `ORK_FUZZ`.
    static let chosen: any FuzzTarget.Type = {
        let name = getenv("ORK_FUZZ").map { String(cString: $0) } ?? ""
        guard let found = targets.first(where: { $0.name == name }) else {
            say("ORK_FUZZ must be one of \(targets.map { $0.name }.joined(separator: " "))")
            exit(64)
        }
        return found
    }()

    private static func say(_ line: String) {
        let text = line + "\n"
        _ = text.withCString { write(STDERR_FILENO, $0, text.utf8.count) }
    }

    /// A promise of the code under test. Unlike `assert`, it also holds in an
    /// optimised build.
    static func require(_ truth: Bool, _ promise: StaticString) {
        guard !truth else { return }
        say("broken promise: \(promise)")
        abort()
    }

    /// The bytes in two pieces; where they are cut is chosen by the input.
    static func halves(_ bytes: UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer] {
        let place = bytes.isEmpty ? 0 : Int(bytes[bytes.count / 2]) * bytes.count / 256
        return [
            UnsafeRawBufferPointer(rebasing: bytes[..<place]),
            UnsafeRawBufferPointer(rebasing: bytes[place...]),
        ]
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Fuzz.chosen.run(UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : count))
    return 0
}
