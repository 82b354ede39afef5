/// Where the value of a setting came from.
enum SettingSource: Sendable, Hashable, CustomStringConvertible {
    /// Nobody said anything.
    case standard
    /// A configuration file; line and column count from 1.
    case file(path: String, line: Int, column: Int)
    /// A line of `.env`.
    case environmentFile(path: String, line: Int, name: String)
    /// One variable, or two that make one setting.
    case environment(name: String)
    case flag

    /// As `config show` prints it: `default`, `orkd.toml:3`, `.env:2`,
    /// `env:PORT`, `flag`.
    var description: String {
        switch self {
        case .standard: "default"
        case .file(let path, let line, _): "\(path):\(line)"
        case .environmentFile(let path, let line, _): "\(path):\(line)"
        case .environment(let name): "env:\(name)"
        case .flag: "flag"
        }
    }

    /// In front of an error message; empty where there is no place.
    var place: String {
        switch self {
        case .standard: ""
        case .file(let path, let line, let column): "\(path):\(line):\(column): "
        case .environmentFile(let path, let line, let name):
            "\(path):\(line): \(name.isEmpty ? "" : name + ": ")"
        case .environment(let name): "environment variable \(name): "
        case .flag: "flag: "
        }
    }

    /// Line and column for editors; 0 where there is none.
    var position: (line: Int, column: Int) {
        switch self {
        case .file(_, let line, let column): (line, column)
        case .environmentFile(_, let line, _): (line, 1)
        case .standard, .environment, .flag: (0, 0)
        }
    }
}
