import NIOConcurrencyHelpers

/// All scripts, consumed step by step.
final class Scripts: Sendable {
    private let scripts = NIOLockedValueBox<[Subject: Script]>([:])

    func set(_ subject: Subject, _ acts: [Act], afterwards: Act?) {
        scripts.withLockedValue { $0[subject] = Script(acts: acts, afterwards: afterwards) }
    }

    func clear() { scripts.withLockedValue { $0 = [:] } }

    func isScripted(key: String) -> Bool {
        scripts.withLockedValue { scripts in
            scripts.keys.contains { subject in
                switch subject {
                case .key(let scripted), .both(let scripted, _): scripted == key
                default: false
                }
            }
        }
    }

    /// How many acts of a script are still to come.
    func left(_ subject: Subject) -> Int { scripts.withLockedValue { $0[subject]?.acts.count ?? 0 } }

    /// The next act for a request: the narrowest script that has one.
    func take(key: String?, model: String?, path: String, early: Bool) -> Act? {
        scripts.withLockedValue { scripts in
            guard !scripts.isEmpty else { return nil }
            var subjects: [Subject] = []
            if let key, let model { subjects.append(.both(key: key, model: model)) }
            if let key { subjects.append(.key(key)) }
            if let model { subjects.append(.model(model)) }
            subjects += [.path(path), .everything]
            for subject in subjects {
                if let act = scripts[subject]?.take(early: early) { return act }
            }
            return nil
        }
    }
}
