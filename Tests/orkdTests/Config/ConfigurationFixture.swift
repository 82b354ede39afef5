// Config tests: every layer, every message, every position, without a disk.
// Here: texts in, configuration or issues out. Not here: what a setting then does.
// May import Testing, ORKit, orkd.

import ORKit

@testable import orkd

/// Files that exist only in the test. Any other path is absent.
struct FakeFiles {
    var texts: [String: String] = [:]
    var worldReadable: Set<String> = []
    var isRoot = true

    var files: ConfigFiles {
        let copy = self
        return ConfigFiles(
            read: { path in
                guard let text = copy.texts[path] else { return .failure(.absent) }
                return .success(
                    .init(bytes: Array(text.utf8), isWorldReadable: copy.worldReadable.contains(path)))
            },
            list: { directory in
                copy.texts.keys.filter { $0.hasPrefix(directory + "/") }.map {
                    String($0.dropFirst(directory.count + 1))
                }
            },
            isRoot: isRoot)
    }
}

/// Loads in system mode.
func load(
    _ toml: String? = nil, dropIns: [String: String] = [:], env: String? = nil,
    environment: [String: String] = [:],
    flags: [String: String] = [:]
) -> Result<Configuration, ConfigErrors> {
    var fake = FakeFiles()
    fake.texts["/etc/orkd/orkd.toml"] = toml
    fake.texts[".env"] = env
    for (name, text) in dropIns { fake.texts["/etc/orkd/orkd.toml.d/" + name] = text }
    return Configuration.load(
        arguments: FlagValues(settings: flags), environment: environment, files: fake.files)
}

extension Result where Success == Configuration, Failure == ConfigErrors {
    /// The error lines; none when it loaded.
    var lines: [String] {
        if case .failure(let errors) = self { errors.lines } else { [] }
    }
}
