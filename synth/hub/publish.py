"""Publishing a set: readers of a branch find the old one or the new one, never half of each."""

from __future__ import annotations

import glob
import hashlib
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from synth.errors import PartialFailure, UsageError
from synth.exporting.folder import Draft
from synth.exporting.managed import CARD
from synth.exporting.manifest import MANIFEST
from synth.exporting.trainers import trainer_files_on_hub
from synth.hub.cards import merge_cards
from synth.hub.destination import Destination, check, client
from synth.hub.outgoing import Outgoing, read_folder
from synth.hub.remote import Remote, read_remote
from synth.hub.sent import read_sent, write_sent
from synth.hub.telling import MOVED, status_of, telling
from synth.options import HubOptions
from synth.version import __version__

if TYPE_CHECKING:
    from huggingface_hub import HfApi

AT_ONCE: Final = 20
"""Files that go up together with the commit that publishes them; more go up in parts before it."""

_AGAIN: Final = "Push again: it goes on where this one stopped"
_NOTHING: Final = f"Nothing was published. {_AGAIN}"
_EITHER: Final = f"The old set stands there, or the new one, whole. {_AGAIN}"


def push(folder: Path, wanted: HubOptions) -> dict[str, Any]:
    """Publish the set in a dataset folder.

    Args:
        folder: what a build wrote.
        wanted: where to, and how.

    Returns:
        `repo_id`, `commit`, `url`, `private`, and `pr` (its address) and `tag` where there is one.

    Raises:
        UsageError: the folder or the destination was refused; nothing has been changed.
        PartialFailure: it was begun, and what was published before still stands.
    """
    with ExitStack() as stack:
        # A build that ends now waits with its swap. Where nobody can write, there is nobody to wait for.
        with suppress(OSError):
            stack.enter_context(Draft(folder).holding())
        outgoing = read_folder(folder)
        destination = check(wanted)
        return _Push(client(), destination, wanted, outgoing).run()


@dataclass
class _Push:
    api: HfApi
    destination: Destination
    wanted: HubOptions
    outgoing: Outgoing

    @property
    def repo_id(self) -> str:
        return self.destination.repo_id

    def run(self) -> dict[str, Any]:
        with telling(PartialFailure, self.repo_id, _NOTHING, _EITHER):
            self._prepare()
            for _ in range(2):
                remote = read_remote(self.api, self.repo_id, self.destination.revision)
                outgoing = self._merged(remote)
                try:
                    commit, pull = self._publish(outgoing, remote)
                    break
                except Exception as error:
                    # Somebody else was first: read and merge once more, then leave it to them.
                    if status_of(error) not in MOVED:
                        raise
            else:
                raise PartialFailure(
                    f"{self.repo_id} is being changed by somebody else; nothing was published. {_AGAIN}"
                )
        if pull is None:
            write_sent(self.outgoing.folder, self._place, self.outgoing.texts[CARD].decode())
        self._tag(commit)
        return {
            "repo_id": self.repo_id,
            "commit": commit,
            "url": f"{self.api.endpoint}/datasets/{self.repo_id}",
            "private": self.destination.private,
            **({"pr": pull} if pull else {}),
            **({"tag": self.wanted.tag} if self.wanted.tag else {}),
        }

    def _prepare(self) -> None:
        """Make the repository and the branch, where they are not there."""
        to, api = self.destination, self.api
        if not to.exists:
            api.create_repo(to.repo_id, repo_type="dataset", private=to.private, exist_ok=True)
        if to.revision != "main" and to.revision not in to.heads:
            api.create_branch(to.repo_id, branch=to.revision, repo_type="dataset", exist_ok=True)

    @property
    def _place(self) -> str:
        return f"{self.repo_id}@{self.destination.revision}"

    def _merged(self, remote: Remote) -> Outgoing:
        """The set as it is to stand there: its card holds what people wrote on the Hub."""
        if self.destination.private and not remote.private:
            raise PartialFailure(f"{self.repo_id} has become public; nothing was published")
        remote.check_free(self.outgoing, self.repo_id)
        sent = read_sent(self.outgoing.folder, self._place) if remote.manifest else None
        ours = self.outgoing.texts[CARD].decode()
        try:
            card = merge_cards(remote.card, ours, sent, remote.manifest.get("front_matter", {}))
        except UsageError as error:
            raise UsageError(f"on the Hub, in {self.repo_id}: {error}; mend it there") from None
        folder, owned = self.outgoing.folder, self.outgoing.manifest["files"]
        return self.outgoing.with_texts(**{CARD: card}, **trainer_files_on_hub(folder, self.repo_id, owned))

    def _publish(self, outgoing: Outgoing, remote: Remote) -> tuple[str, str | None]:
        """Commit, and the pull request's address where one was opened."""
        changed, stale = remote.changed(outgoing), remote.stale(outgoing)
        if not (changed or stale):
            return remote.head, None
        if self.wanted.tag in self.destination.tags:
            raise UsageError(f"{self.repo_id} has a tag {self.wanted.tag} already; name another with --tag")
        if len(changed) <= AT_ONCE:
            done = self._commit(outgoing, changed, stale, remote.head, create_pr=self.wanted.create_pr)
            return done.oid, done.pr_url
        if self.wanted.create_pr:
            pull = self.api.create_pull_request(self.repo_id, title=self._message, repo_type="dataset")
            reference = str(pull.git_reference)
            again = f"Go on with --hub-revision {reference} in place of --create-pr"
            with telling(PartialFailure, self.repo_id, f"The pull request is not complete. {again}"):
                return self._in_parts(outgoing, changed, stale, reference), pull.url
        if self.destination.revision.startswith("refs/pr/"):
            return self._in_parts(outgoing, changed, stale, self.destination.revision), None
        # Parts go to a branch that nobody reads; the commit that publishes them then only names them.
        beside = f"synth-push-{hashlib.sha256(outgoing.texts[MANIFEST]).hexdigest()[:12]}"
        self.api.create_branch(
            self.repo_id, branch=beside, revision=remote.head, repo_type="dataset", exist_ok=True
        )
        self._upload(outgoing, changed, beside)
        done = self._commit(outgoing, changed, stale, remote.head)
        with suppress(Exception):  # A branch that stays is untidy and no more.
            self.api.delete_branch(self.repo_id, branch=beside, repo_type="dataset")
        return done.oid, None

    def _in_parts(self, outgoing: Outgoing, changed: list[str], stale: list[str], revision: str) -> str:
        """Everything to a pull request: the files in parts, then what speaks of them."""
        self._upload(outgoing, changed, revision)
        last = [path for path in changed if path in outgoing.texts]
        return str(self._commit(outgoing, last, stale, None, revision).oid)

    def _upload(self, outgoing: Outgoing, changed: list[str], revision: str) -> None:
        self.api.upload_folder(
            repo_id=self.repo_id,
            folder_path=outgoing.folder,
            repo_type="dataset",
            revision=revision,
            commit_message=self._message,
            allow_patterns=[glob.escape(path) for path in changed if path not in outgoing.texts],
        )

    def _commit(
        self,
        outgoing: Outgoing,
        changed: list[str],
        stale: list[str],
        parent: str | None,
        revision: str | None = None,
        create_pr: bool = False,
    ) -> Any:
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        return self.api.create_commit(
            self.repo_id,
            [
                *(CommitOperationAdd(path, outgoing.content(path)) for path in changed),
                *(CommitOperationDelete(path, is_folder=False) for path in stale),
            ],
            commit_message=self._message,
            repo_type="dataset",
            revision=revision or self.destination.revision,
            parent_commit=parent,
            create_pr=create_pr,
        )

    @property
    def _message(self) -> str:
        default = f"{self.outgoing.manifest.get('pipeline', 'data')}, made with synth {__version__}"
        return self.wanted.commit_message or default

    def _tag(self, commit: str) -> None:
        tag = self.wanted.tag
        if tag is None or self.destination.tags.get(tag) == commit:
            return
        done = f"The set was published as {commit[:12]}, without the tag {tag}. Push again to set it"
        with telling(PartialFailure, self.repo_id, done):
            self.api.create_tag(self.repo_id, tag=tag, revision=commit, repo_type="dataset")
