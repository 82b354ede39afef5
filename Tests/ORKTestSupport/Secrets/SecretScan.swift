public import Foundation

/// Looks for canaries where they must not be.
public struct SecretScan: Sendable {
    public struct Hit: Sendable, Hashable, CustomStringConvertible {
        public let canary: String
        public let form: String
        public let place: String
        public var description: String { "\(canary) (\(form)) in \(place)" }
    }

    private let needles: [(canary: String, form: String, bytes: Data)]
    public private(set) var hits: [Hit] = []
    /// How much was searched; a scan of nothing proves nothing.
    public private(set) var bytes = 0

    public init(_ canaries: some Sequence<Canary>) {
        needles = canaries.flatMap { canary in canary.forms.map { (canary.name, $0.form, Data($0.bytes)) } }
    }

    /// Hits of another scan.
    mutating func add(_ more: [Hit]) { hits += more }

    /// Hits that are none.
    mutating func forget(_ isAllowed: (Hit) -> Bool) { hits.removeAll(where: isAllowed) }

    public mutating func search(_ data: Data, place: String) {
        bytes += data.count
        for needle in needles where data.range(of: needle.bytes) != nil {
            hits.append(Hit(canary: needle.canary, form: needle.form, place: place))
        }
    }

    /// Every regular file below a directory, except below the names given.
    public mutating func search(directory: String, except: Set<String> = []) {
        let files = FileManager.default
        guard let all = files.enumerator(atPath: directory) else { return }
        for case let name as String in all {
            if except.contains(String(name.prefix { $0 != "/" })) { continue }
            let path = directory + "/" + name
            var isDirectory: ObjCBool = false
            guard files.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue,
                let kind = try? files.attributesOfItem(atPath: path)[.type] as? FileAttributeType,
                kind == .typeRegular,
                let data = files.contents(atPath: path)
            else { continue }
            search(data, place: name)
            if data.starts(with: [0x1F, 0x8B]) { search(Self.unpacked(path), place: name + ", unpacked") }
        }
    }

    /// A file that gzip has packed holds no form of a secret, yet the secret.
    private static func unpacked(_ path: String) -> Data {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/gzip")
        process.arguments = ["--decompress", "--stdout", path]
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return Data() }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return data
    }

    /// What the machine shows of a running process.
    public mutating func search(process: Int32) {
        for name in ["cmdline", "environ", "comm", "status"] {
            if let data = FileManager.default.contents(atPath: "/proc/\(process)/\(name)") {
                search(data, place: "/proc/PID/\(name)")
            }
        }
    }
}
