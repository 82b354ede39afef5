import Glibc

/// The system's own words.
enum SystemText {
    static func of(_ number: Int32) -> String {
        strerror(number).map { String(cString: $0) }?.lowercased() ?? "error \(number)"
    }
}

/// The environment, read when asked.
enum Environment {
    static subscript(name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
