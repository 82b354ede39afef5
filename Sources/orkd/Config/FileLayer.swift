/// Puts the settings of one file in place.
struct FileLayer {
    let document: TOMLDocument

    func apply(to configuration: inout Configuration) -> [ConfigIssue] {
        var issues = document.issues
        for entry in document.entries {
            let place = SettingSource.file(
                path: document.path, line: entry.position.line, column: entry.position.column)
            guard let setting = SettingsTable.named[entry.name], entry.path.count == 2 else {
                if let issue = unknown(entry, at: place) { issues.append(issue) }
                continue
            }
            if let problem = setting.apply(&configuration, entry.value) {
                issues.append(ConfigIssue(place, "\(setting.name): \(problem.message)"))
            } else {
                configuration.sources[setting.name] = place
            }
        }
        return issues
    }

    private func unknown(_ entry: TOMLDocument.Entry, at place: SettingSource) -> ConfigIssue? {
        let name = entry.name
        if entry.path.count == 1, SettingsTable.sections.contains(name) {
            // An empty section changes nothing.
            if case .other("a table") = entry.value { return nil }
            return ConfigIssue(place, "\(name) is a section", hint: "write [\(name)] on a line of its own")
        }
        if EnvironmentLayer.known.contains(entry.path.last?.uppercased() ?? "") {
            return ConfigIssue(
                place, "\(quoted(name)) is not a setting",
                hint: "that is an environment variable; secrets never stand in this file")
        }
        return ConfigIssue(
            place, "\(quoted(name)) is not a setting", hint: nearest(to: name).map { "did you mean \($0)?" })
    }

    /// By the whole name; else by the part after the section, in whatever
    /// section it was written.
    private func nearest(to name: String) -> String? {
        let names = SettingsTable.all.map(\.name)
        let last = name.split(separator: ".").last.map(String.init) ?? name
        let sameWord = names.filter { $0.hasSuffix("." + last) }
        if sameWord.count == 1 { return sameWord.first }
        if !name.contains("."), let section = NearestName.of(name, among: SettingsTable.sections) {
            return "[\(section)]"
        }
        return NearestName.of(name, among: names)
    }
}
