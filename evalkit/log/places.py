"""Where a log may not lie: folders that a service synchronises, and disks of other machines.

There SQLite's locks do not hold, and a service may put back half a file or an older one. A folder
is known by its name, by a file that the service leaves in it, or by the table of mounts (Linux).
One that was renamed and has no such file is not found.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePath

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _

_NAMES = """
    onedrive, skydrive, dropbox, maestral, insync, odrive, egnyte, google drive, googledrive,
    google 云端硬盘, google云端硬盘, 谷歌云端硬盘, drivefs, my drive, 我的云端硬盘,
    我的雲端硬碟, shared drives, 共享云端硬盘, 共用雲端硬碟, icloud, icloud drive, iclouddrive,
    mobile documents, com~apple~clouddocs, cloudstorage, box sync, box drive, box-box,
    megasync, mega sync, mega cloud, 坚果云, nutstore, nutstore files, jianguoyun, 亿方云,
    fangcloud, 够快云库, 百度云, 百度云管家, baidusyncdisk, baidunetdisk, baiduyun,
    baidunetdiskworkspace, baidu netdisk, baidu cloud, baidu 网盘, 微云, 腾讯微云, weiyun,
    腾讯文档, tencent docs, tencentdocs, wedrive, 企业微信微盘, 企业微盘, 腾讯微盘,
    aliyundrive, aliyun drive, alipan, adrive, ecloud, 189cloud, cloud189, 和彩云, caiyun,
    mcloud, 沃云, 联通沃云, 沃盘, wocloud, wo cloud, wopan, 快盘, kuaipan, wps云, wps云文档,
    wps cloud, wps cloud files, wpsdrive, wps drive, wpscloud, 金山文档, kdocs, 115生活, 115云,
    115sync, 115 sync, 115drive, 115pan, 飞书, 飞书云文档, feishu, feishu drive, larkdrive,
    lark drive, 钉钉, 钉盘, 钉钉文档, dingtalk, dingdrive, dingpan, 石墨文档, 语雀, hicloud,
    huawei cloud, huaweicloud, huawei drive, huaweidrive, huawei mobile cloud, 小米云,
    小米云服务, micloud, mi cloud, xiaomi cloud, xiaomicloud, syncthing, resilio, resilio sync,
    resiliosync, btsync, bittorrent sync, nextcloud, owncloud, synologydrive, synology drive,
    cloudstation, qsync, cloud station, synology cloud station, seafile, seadrive, pcloud,
    pclouddrive, yandex.disk, yandexdisk, yandex disk, яндекс.диск, tresorit, my tresors,
    spideroak, spideroak hive, spideroakone, spideroak one, proton drive, protondrive,
    amazon drive, amazon clouddrive, kdrive, koofr, hidrive, idrive, idrive-sync, sugarsync,
    magic briefcase, zoho workdrive, jottacloud, icedrive, internxt, filen, sharefile,
    citrix files, sync.com, cloud mail.ru, облако mail.ru, amazon workdocs, teracloud, terabox,
    360亿方云, 够快, 燕麦云, oatos, 爱数, anyshare, 联想filez, filez, lenovo cloud, 微力同步,
    verysync, 绿联云, ugreen cloud, 极空间, zspace, 飞牛, 可道云, kodbox, cloudreve, 123pan,
    oppo云, vivo云, tsinghua cloud, pku disk, 中科院数据胶囊, cstcloud, qnap qsync, mail.ru cloud,
    creative cloud files, autodesk docs, sharepoint, nasuni, filecloud, goodsync
"""
"""Names that the services give to their folders, as `_plain` writes them."""

_WHOLE = ("box", "mega", "lark", "微盘", "云盘", "网盘", "雲端硬碟")
"""Words that folders of other kinds may have in their names: these count alone only."""

_KIND = r"[^ _-]*(?:云盘|网盘|雲盤|網盤|同步盘|同步盤|云空间|同步空间|云同步|同步文件夹)"
"""How the services in China call what they sell."""

_words = "|".join(re.escape(name.strip()) for name in _NAMES.split(","))
_MORE = r"(?:同步\S*|文件|文档|空间|助手|工作空间|\d+)?(?:[ _(@-].*)?"
"""What may follow a name: a number, or the account or firm behind a separator."""

_OWN = r"(?:.*[ _-](?=dropbox|onedrive)|我的|my )?"
"""What may stand before a name: whose it is."""

_SYNCED = re.compile(rf"({'|'.join(_WHOLE)})|{_OWN}({_KIND}|{_words}){_MORE}")

_MARKS = {
    "onedrive": r"\.849C9593-D756-4E56-8D6E-42412F2A707B",
    "dropbox": r"\.dropbox(\.cache)?",
    "google drive": r"\.tmp\.drive(down|up)load",
    "syncthing": r"\.stfolder(-\w+)?",
    "resilio sync": r"\.sync|\.SyncID",
    "nextcloud": r"\._?sync(_\w+)?\.db|\._sync|\.(nextcloud|owncloud)sync\.log|\.csync_journal\.db",
    "synology drive": r"\.SynologyWorkingDirectory",
    "seafile": r"\.seafile-data",
    "mega": r"\.megaignore",
    "insync": r"\.insync-trash",
    "tresorit": r"\.tresorit",
}
"""Files and folders that a service keeps in the folder that it synchronises."""

_MARK = re.compile("|".join(f"(?P<m{n}>{mark})" for n, mark in enumerate(_MARKS.values())))

_REMOTE = frozenset(
    [
        "9p",
        "acfs",
        "afpfs",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "fhgfs",
        "fuse",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "orangefs",
        "prl_fs",
        "smb2",
        "smb3",
        "smbfs",
        "vboxsf",
        "vmhgfs",
        "webdav",
    ]
)
_LOCAL_FUSE = frozenset(
    [
        "ext2",
        "ext3",
        "ext4",
        "fuse-ext2",
        "ntfs",
        "ntfs-3g",
        "exfat",
        "exfat-fuse",
        "hfs",
        "hfsplus",
        "apfs",
        "zfs",
        "bindfs",
        "mergerfs",
        "encfs",
        "cryfs",
        "gocryptfs",
        "veracrypt",
        "overlayfs",
        "fuse-overlayfs",
        "unionfs",
        "lxcfs",
        "squashfuse",
    ]
)
"""What comes behind ``fuse.`` for disks of this machine; all others are somewhere else."""


def require_local(path: Path) -> None:
    """Raise InputError if a file at ``path`` would lie on a network or synchronised folder."""
    folder = Path(os.path.realpath(path)).parent
    if name := service(folder) or _marked(folder) or remote(folder, _mounts()):
        text = _("不能放在网络盘或同步盘（{name}）上，请放到本机磁盘", name=name)
        raise InputError(Problem(text, str(path)))


def service(folder: PurePath) -> str | None:
    """The word by which the name of ``folder``, or of one that it is in, names a service.

    A path that begins with the name of a Windows server is one of its own.
    """
    if folder.drive.startswith("\\\\"):
        return folder.drive
    for name in reversed(folder.parts):
        if found := _SYNCED.fullmatch(_plain(name)):
            return found[1] or found[2]
    return None


def remote(folder: PurePath, mounts: str) -> str | None:
    """The file system of another machine that ``folder`` lies on, by the lines of /proc/mounts."""
    best, kind = "", ""
    for line in mounts.splitlines():
        _device, written, found, *_rest = line.split(" ")
        point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), written)
        if folder.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, found
    fuse, _dot, driver = kind.partition(".")
    far = kind in _REMOTE or (fuse == "fuse" and driver not in _LOCAL_FUSE)
    return kind if far else None


def _plain(name: str) -> str:
    """A name in one width and one case."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _mounts() -> str:
    table = Path("/proc/mounts")
    return os.fsdecode(table.read_bytes()) if table.exists() else ""


def _marked(folder: Path) -> str | None:
    """The service that left a mark in ``folder`` or in one that it is in, with the mark."""
    for mark in (mark for place in (folder, *folder.parents) for mark in _marks(place)):
        found = _MARK.fullmatch(mark.name)
        group = str(found and found.lastgroup)
        return f"{list(_MARKS)[int(group[1:])]} {mark}"
    return None


def _marks(place: Path) -> Iterator[Path]:
    try:
        found = sorted(file.name for file in place.iterdir() if _MARK.fullmatch(file.name))
    except OSError:  # not there yet, or not ours to read
        return
    for name in found:
        # what clients keep about themselves in the home folder is no mark
        if not (name == ".dropbox" and (place / name).is_dir()) and not (
            name == ".sync" and (place / name / "settings.dat").exists()
        ):
            yield place / name
