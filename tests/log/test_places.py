"""Where a log may lie: not where a service synchronises, and not on another machine's disk."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from evalkit.base.errors import InputError
from evalkit.log import places
from evalkit.round import Round
from tests.support.builders import panel_data, rubric_data, write

SYNCED = [
    *("OneDrive", "OneDrive - 单位", "OneDrive-Personal", "ＯｎｅＤｒｉｖｅ－单位", "Dropbox"),
    *("dropbox (Personal)", "示例公司 Dropbox", "Dropbox-Business", "Google Drive"),
    *("google drive (a@example.org)", "GoogleDrive-a@example.org", "我的云端硬盘", "My Drive"),
    *("My Drive (a@example.org)", "iCloud", "iCloud Drive", "iCloud Drive (Archive)"),
    *("Mobile Documents", "CloudStorage", "Box", "Box Sync", "坚果云", "我的坚果云", "坚果云2"),
    *("Nutstore", "Nutstore-1", "Nutstore Files", "百度网盘", "百度网盘同步空间"),
    *("百度网盘工作空间", "百度云同步盘", "百度云", "百度云同步", "BaiduSyncdisk", "微云"),
    *("微云同步助手", "腾讯微云", "腾讯文档", "阿里云盘", "阿里云盘(备份)", "阿里云盘（备份）"),
    *("天翼云盘", "移动云盘", "移动云盘-138", "和彩云", "联通沃云", "沃云", "WPS云盘"),
    *("WPS网盘", "WPS Cloud Files", "WPSDrive", "115网盘", "飞书", "飞书云盘", "钉钉", "钉盘"),
    *("华为云空间", "小米云", "小米云2", "小米云服务", "夸克网盘", "企业网盘", "Nextcloud"),
    *("Nextcloud2", "nextcloud-work", "ownCloud", "SynologyDrive", "Seafile", "MEGA"),
    *("MEGAsync", "pCloud", "pCloud Drive", "Yandex.Disk", "Tresorit", "SpiderOak Hive"),
    *("Resilio Sync", "Proton Drive", "Zoho WorkDrive（团队）", "360亿方云", "AnyShare"),
    *("AnyShare文档", "联想Filez", "微力同步", "Verysync", "绿联云", "极空间", "可道云", "燕麦云"),
    *("Cloudreve", "清华云盘", "Tsinghua Cloud", "科技云盘", "Creative Cloud Files"),
    *("SharePoint", "Mail.ru Cloud"),
]


@pytest.mark.parametrize("name", SYNCED)
def test_a_folder_that_a_service_names_is_known(name: str) -> None:
    """However deep the round lies in it; what is said is a part of the name."""
    for folder in (PurePosixPath("/home/a") / name / "评审", PureWindowsPath("D:/") / name):
        said = places.service(folder / "round")
        assert said
        assert said in unicodedata.normalize("NFKC", name).casefold()


@pytest.mark.parametrize(
    "name",
    [
        *("评审", "round", "onedriver", "boxes", "toolbox", "megaproject", "本机 Box 2"),
        *("坚果云采购评审", "关于百度网盘的评审", "115", "百度", "阿里云", "微云台山", "sync"),
        *("BaiduNetdiskDownload", "我的文档", "云计算赋能中心", "网盘采购", "飞书集成项目"),
        *("cloud", "drive", "dropboxes"),
    ],
)
def test_other_folders_are_left_alone(name: str) -> None:
    """A name that only contains such a word is somebody's own."""
    assert places.service(PurePosixPath("/home/a") / name / "round") is None


def test_drives_and_servers_of_windows() -> None:
    """Google's drive letter shows its own folder; a server has a name of its own."""
    assert places.service(PureWindowsPath("G:/我的云端硬盘/round")) == "我的云端硬盘"
    assert places.service(PureWindowsPath("//server/share/round")) == "\\\\server\\share"
    assert places.service(PureWindowsPath("C:/Users/a/round")) is None


MARKS = [
    *(("onedrive", ".849C9593-D756-4E56-8D6E-42412F2A707B"), ("dropbox", ".dropbox.cache/")),
    *(("dropbox", ".dropbox"), ("google drive", ".tmp.driveupload/"), ("syncthing", ".stfolder/")),
    *(("syncthing", ".stfolder"), ("resilio sync", ".sync/"), ("nextcloud", ".sync_1a2b.db")),
    *(("nextcloud", "._sync_1a2b.db"), ("nextcloud", ".owncloudsync.log"), ("mega", ".megaignore")),
    *(("synology drive", ".SynologyWorkingDirectory/"), ("seafile", ".seafile-data/")),
]


@pytest.mark.parametrize(("word", "mark"), MARKS)
def test_a_mark_of_a_service_is_found_whatever_the_folder_is_called(
    tmp_path: Path, word: str, mark: str
) -> None:
    """In any folder above; the message names the mark, and nothing is made there."""
    folder = tmp_path / "资料"
    folder.mkdir()
    file = folder / mark.rstrip("/")
    file.mkdir() if mark.endswith("/") else file.touch()
    (tmp_path / "panel").mkdir()
    panel = write(tmp_path / "panel", rubric_data((10,)), panel_data(1, ["A"]))
    with pytest.raises(InputError) as caught:
        Round.create(folder / "2026" / "round", panel)
    assert f"（{word} {file}）上，请放到本机磁盘" in caught.value.render()
    assert caught.value.render().startswith(str(folder / "2026" / "round"))
    assert [p.name for p in folder.iterdir()] == [file.name]


@pytest.mark.parametrize("mark", [".dropbox/info.json", ".sync/settings.dat", ".gitignore"])
def test_what_a_client_keeps_about_itself_is_no_mark(tmp_path: Path, mark: str) -> None:
    """Its settings lie in the home folder, which is not synchronised for that."""
    (tmp_path / mark).parent.mkdir(exist_ok=True)
    (tmp_path / mark).touch()
    places.require_local(tmp_path / "round" / "log.sqlite")


MOUNTS = """\
overlay / overlay rw 0 0
server:/a /mnt/nfs nfs4 rw 0 0
//server/b /mnt/网盘\\040甲 cifs rw 0 0
/dev/sdb1 /mnt/网盘\\040甲/local ext4 rw 0 0
a@b: /mnt/ssh fuse.sshfs rw 0 0
/dev/sdc1 /mnt/usb fuseblk rw 0 0
/dev/sdd1 /mnt/stick fuse.exfat rw 0 0
rclone /mnt/new fuse.someclouddrive rw 0 0
gvfsd-fuse /run/user/1000/gvfs fuse.gvfsd-fuse rw 0 0
https://dav /mnt/dav fuse rw 0 0
share /mnt/box vboxsf rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        *(("/home/a", None), ("/mnt/nfs/round", "nfs4"), ("/mnt/nfs2", None), ("/mnt/usb/a", None)),
        *(("/mnt/网盘 甲/round", "cifs"), ("/mnt/网盘 甲/local/a", None), ("/mnt/stick/a", None)),
        *(("/mnt/ssh/a", "fuse.sshfs"), ("/mnt/new", "fuse.someclouddrive"), ("/mnt/dav", "fuse")),
        *(("/run/user/1000/gvfs/x", "fuse.gvfsd-fuse"), ("/mnt/box/a", "vboxsf")),
    ],
)
def test_a_disk_of_another_machine_is_known_by_the_mounts(folder: str, kind: str | None) -> None:
    """Every user-space file system but those of local disks; the innermost mount decides."""
    assert places.remote(PurePosixPath(folder), MOUNTS) == kind


def test_a_link_into_such_a_folder_leads_there(tmp_path: Path) -> None:
    """The place counts, not the way to it."""
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "Dropbox")
    with pytest.raises(InputError, match="（dropbox）"):
        places.require_local(tmp_path / "link" / "round" / "log.sqlite")
