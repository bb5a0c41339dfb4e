# places
places-title = 地点
