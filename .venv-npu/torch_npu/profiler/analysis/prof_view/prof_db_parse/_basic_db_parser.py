import os
import re
import shutil
import json

from ...prof_common_func._log import ProfilerLogger
from ...prof_common_func._utils import collect_env_vars
from ...prof_common_func._path_manager import ProfilerPathManager
from ...prof_common_func._file_manager import FileManager
from ...prof_common_func._constant import Constant, DbConstant, TableColumnsManager
from ...prof_common_func._db_manager import TorchDb
from ...prof_common_func._host_info import get_host_info
from .._base_parser import BaseParser
from ..._profiler_config import ProfilerConfig

__all__ = []


class BasicDbParser(BaseParser):
    def __init__(self, name: str, param_dict: dict):
        super().__init__(name, param_dict)
        self._cann_path = ProfilerPathManager.get_cann_path(self._profiler_path)
        ProfilerLogger.init(self._profiler_path, "BasicDbParser")
        self.logger = ProfilerLogger.get_instance()

    def run(self, deps_data: dict):
        self.logger.info("BasicDbParser start.")
        try:
            cann_db_path = self.get_cann_db_path()
            if cann_db_path:
                shutil.move(cann_db_path, TorchDb().get_db_path())
            self.create_ascend_db()
            self.save_rank_info_to_db()
            self.save_host_info_to_db()
            self.save_env_vars_info_to_db()
            self.save_profiler_metadata_to_db()
        except Exception as error:
            self.logger.exception("Failed to generate basic db file.")
            return Constant.FAIL, ""
        self.logger.info("BasicDbParser finish.")
        return Constant.SUCCESS, ""

    def get_cann_db_path(self):
        if not self._cann_path:
            return ""
        db_patten = r'^msprof_\d+\.db$'
        for cann_file in os.listdir(self._cann_path):
            file_path = os.path.join(self._cann_path, cann_file)
            if re.match(db_patten, cann_file):
                try:
                    FileManager.check_db_file_vaild(file_path)
                except RuntimeError:
                    self.logger.warning("Invalid CANN db file. File name: %s", cann_file)
                    continue
                return file_path
        # when cann package support default export db, use mindstudio_profiler_output path to get db file
        mindstudio_profiler_output_path = os.path.join(self._cann_path, Constant.MINDSTUDIO_PROFILER_OUTPUT)
        if os.path.exists(mindstudio_profiler_output_path):
            for file_name in os.listdir(mindstudio_profiler_output_path):
                file_path = os.path.join(mindstudio_profiler_output_path, file_name)
                if re.match(db_patten, file_name):
                    try:
                        FileManager.check_db_file_vaild(file_path)
                    except RuntimeError:
                        self.logger.warning("Invalid cann db file. file name is: %s", file_name)
                        continue
                    return file_path
        return ""

    def create_ascend_db(self):
        if not TorchDb().create_connect_db():
            raise RuntimeError(f"Failed to connect to db file: {TorchDb().get_db_path()}")

    def save_rank_info_to_db(self):
        # The method will automatically check if the table exists
        TorchDb().create_table_with_headers(DbConstant.TABLE_RANK_DEVICE_MAP,
                                            TableColumnsManager.TableColumns.get(DbConstant.TABLE_RANK_DEVICE_MAP))
        # Need to clear existing data written by msprof in the table first
        TorchDb().clear_table_data(DbConstant.TABLE_RANK_DEVICE_MAP)
        rank_id = ProfilerConfig().rank_id
        device_ids = ProfilerPathManager.get_device_id(self._cann_path)
        if not device_ids:
            device_id = Constant.INVALID_VALUE
            TorchDb().insert_data_into_table(DbConstant.TABLE_RANK_DEVICE_MAP,
                                             [[rank_id, device_id]])
        else:
            rank_device_pairs = []
            for device_id in device_ids:
                rank_device_pairs.append([rank_id, device_id])
            TorchDb().insert_data_into_table(DbConstant.TABLE_RANK_DEVICE_MAP,
                                             rank_device_pairs)

    def save_host_info_to_db(self):
        if TorchDb().judge_table_exist(DbConstant.TABLE_HOST_INFO):
            return
        host_info = get_host_info()
        TorchDb().create_table_with_headers(DbConstant.TABLE_HOST_INFO,
                                            TableColumnsManager.TableColumns.get(DbConstant.TABLE_HOST_INFO))
        TorchDb().insert_data_into_table(DbConstant.TABLE_HOST_INFO,
                                         [[host_info.get('host_uid'), host_info.get('host_name')]])

    def save_env_vars_info_to_db(self):
        env_vars_dict = collect_env_vars()
        TorchDb().create_table_with_headers(DbConstant.TABLE_META_DATA,
                                            TableColumnsManager.TableColumns.get(DbConstant.TABLE_META_DATA))
        TorchDb().insert_data_into_table(DbConstant.TABLE_META_DATA,
                                         [['ENV_VARIABLES', json.dumps(env_vars_dict.get('ENV_VARIABLES'))]])

    def save_profiler_metadata_to_db(self):
        profiler_metadata_path = os.path.join(self._profiler_path, Constant.PROFILER_META_DATA)
        if not os.path.exists(profiler_metadata_path):
            self.logger.warning("Cannot find profiler_metadata.json. Path: %s", profiler_metadata_path)
            return
        profiler_metadata = FileManager.file_read_all(profiler_metadata_path)
        try:
            profiler_metadata = json.loads(profiler_metadata)
        except json.JSONDecodeError as e:
            self.logger.warning("Failed to parse profiler_metadata.json.")
            return
        data = [[str(key), json.dumps(value)] for key, value in profiler_metadata.items()]
        TorchDb().create_table_with_headers(DbConstant.TABLE_META_DATA,
                                            TableColumnsManager.TableColumns.get(DbConstant.TABLE_META_DATA))
        TorchDb().insert_data_into_table(DbConstant.TABLE_META_DATA, data)
