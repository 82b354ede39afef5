@testable import ORKit

/// Reads files of keys in every format.
enum ImportTarget: FuzzTarget {
    static let name = "import"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        for format in [nil, ImportOptions.Format.lines, .csv, .jsonl, .json] {
            var reader = ImportReader(format: format)
            var splitter = ImportSplitter(format)
            var last = 0
            func take(_ number: Int, _ line: LineSplitter.Line) throws {
                let isNext = format == .json ? number >= max(last, 1) : number == last + 1
                Fuzz.require(isNext, "lines are counted from 1")
                last = number
                guard case .entry(let entry) = try reader.read(line) else { return }
                Fuzz.require(
                    entry.secret.map { KeyFields.secretLength.contains($0.count) } ?? (entry.kept != nil),
                    "a key that is taken has a key's length, or is one of an export")
            }
            do {
                for piece in Fuzz.halves(bytes) { try splitter.feed(piece, take) }
                try splitter.finish(take)
            } catch {
                // A file that as a whole cannot be read: said so, and over.
            }
        }
    }
}

/// Reads `orkd.toml` and `.env`.
enum ConfigTarget: FuzzTarget {
    static let name = "config"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        _ = Configuration.issues(in: Array(bytes), path: "orkd.toml")
        let (variables, _) = EnvironmentFile.parse(String(decoding: bytes, as: UTF8.self), path: ".env")
        var configuration = Configuration()
        _ = EnvironmentLayer(variables).apply(to: &configuration)
    }
}

/// Reads keys, ids, amounts and times in the forms in which people write
/// them.
enum KeysTarget: FuzzTarget {
    static let name = "keys"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        let isKey = KeyFields.objection(toSecret: bytes) == nil
        let secret = Secret(bytes)
        Fuzz.require(secret.isEqual(to: Secret(Array(bytes))), "a secret equals itself")
        Fuzz.require(
            secret.masked.utf8.count < max(24, bytes.count) || !isKey, "a mask is shorter than what it masks")
        let text = String(decoding: bytes, as: UTF8.self)
        _ = try? KeyFields.name(text)
        _ = try? KeyFields.account(text)
        _ = try? KeyFields.provider(text)
        _ = KeyFields.shown(text)
        _ = RequestID(text)
        _ = ByteSize.parse(text)
        _ = Int64(duration: text)
        if let time = WallTime(rfc3339: text) {
            Fuzz.require(WallTime(rfc3339: time.rfc3339) == time, "a time that is written can be read")
        }
    }
}

/// Reads queries and bodies of the control API.
enum ControlTarget: FuzzTarget {
    static let name = "control"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        _ = try? StrictJSON.decode(KeyAdd.self, from: bytes)
        _ = RepeatedField.first(in: Array(bytes))
        _ = JSONValue(Array(bytes))
        let target = "/v1/keys?" + String(decoding: bytes, as: UTF8.self)
        _ = try? QueryFields(target: target, known: ["select", "limit", "cursor", "format"])
    }
}

/// Has a fault: `scripts/fuzz --planted` shows that a fault is found.
enum PlantedTarget: FuzzTarget {
    static let name = "planted"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 3, bytes[0] == 0x6F, bytes[1] == 0x72, bytes[2] == 0x6B else { return }
        Fuzz.require(bytes[3] != 0x21, "nobody says ork!")
    }
}
