"""JupyterHub 的设置：一轮评审在 PostgreSQL 里，各人用各人的数据库账户。说明见 hub.md。"""

import csv
import os
from pathlib import Path

DATABASE = os.environ["EVALKIT_DATABASE"]
"""评审的地址，不写账户和口令：postgresql://db.example.gov.cn/pingshen?panel=本轮&sslmode=verify-full"""

ACCOUNTS = Path(os.environ["EVALKIT_ACCOUNTS"])
"""evalkit panel accounts make --to 写好的文件；只有运行 Hub 的账户能读。"""


def accounts():
    """各人的数据库账户和口令，按 Hub 的用户名（评审组里的标识，小写）。每次都读。"""
    rows = [*csv.reader(ACCOUNTS.read_text("utf-8-sig").splitlines())][1:]
    found = {person.lower(): (role, password) for person, _part, role, password in rows}
    if len(found) < len(rows):
        raise ValueError("有两个标识只差大小写，Hub 分不开")
    return found


def hand_over(spawner):
    """把本人的数据库账户交给本人的服务器；没有账户的人打不开服务器。"""
    role, password = accounts()[spawner.user.name]
    spawner.environment = {**spawner.environment, "PGUSER": role, "PGPASSWORD": password}


# -- 谁能登录。authenticator_class 换成本单位的：OIDC、LDAP 等，见 JupyterHub 的文档。
# 登录名不是评审组里的标识的，用 c.Authenticator.username_map = {"zhangsan": "e1"} 对应起来。
c.Authenticator.allowed_users = set(accounts())
c.Authenticator.admin_users = set()

# -- 各人的服务器：只有评分表和进度板，没有 JupyterLab，不能运行代码。
c.Spawner.cmd = ["evalkit", "serve", DATABASE, "--hub"]
c.Spawner.pre_spawn_hook = hand_over
c.JupyterHub.implicit_spawn_seconds = 0.1  # 停了的服务器，一打开就自己启动

# 每人一个临时的操作系统账户，互相看不到进程、环境变量和文件（jupyterhub-systemdspawner）。
c.JupyterHub.spawner_class = "systemd"
c.SystemdSpawner.dynamic_users = True
c.SystemdSpawner.isolate_tmp = True
c.SystemdSpawner.isolate_devices = True
c.SystemdSpawner.disable_user_sudo = True
c.SystemdSpawner.mem_limit = "1G"

# -- Hub 自己的几页（正在打开、重新打开、已退出）用中文；登录页是所选登录方式的。
c.JupyterHub.template_paths = [str(Path(__file__).parent / "jupyterhub_templates")]

# -- 地址。HTTPS 由前面的 nginx 等做，或在这里写 ssl_key、ssl_cert 两个文件。
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.ConfigurableHTTPProxy.command = ["configurable-http-proxy"]
